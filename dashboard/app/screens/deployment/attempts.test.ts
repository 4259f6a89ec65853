import { expect, test } from 'vitest';
import { type Attempt, attemptsOf, whyNoRetry } from './attempts';

const attempt = (place: number, facts: Partial<Attempt> = {}): Attempt => ({
  id: `d${place}`,
  createdAt: `2026-05-0${place}T00:00:00Z`,
  status: 'FAILED',
  ...facts,
});
const retry = (place: number, of: number, facts: Partial<Attempt> = {}) =>
  attempt(place, { retryOf: { id: `d${of}` }, ...facts });

test('a retry of a retry is the third attempt of three', () => {
  const all = [attempt(1), retry(2, 1), attempt(3), retry(4, 2)];

  expect(attemptsOf('d2', all)).toEqual(['d1', 'd2', 'd4']);
  expect(attemptsOf('d3', all)).toEqual(['d3']);
});

test('a failed one may be made again until a newer one has deployed or is on its way', () => {
  expect(whyNoRetry('d1', [attempt(1), attempt(2)])).toBeNull();
  expect(whyNoRetry('d2', [attempt(1, { status: 'DEPLOYED', version: 4 }), attempt(2)])).toBeNull();
  expect(whyNoRetry('d1', [attempt(1), attempt(2, { status: 'DEPLOYED', version: 5 })])).toBe('v5 has deployed since.');
  expect(whyNoRetry('d1', [attempt(1), attempt(2, { status: 'IN_PROGRESS' })])).toContain('in progress');
});
