import { expect, test } from 'vitest';
import { nearest } from './nearest';

const named = (...names: string[]) => names.map((name) => ({ name }));

test('the nearest names come first, and three at most', () => {
  const found = nearest('stagng', named('prod', 'dev', 'staging', 'eu-staging'));

  expect(found.map(({ name }) => name)).toEqual(['staging', 'eu-staging', 'prod']);
});
