import { expect, test } from 'vitest';
import { asked, filtersOf, withFilter, withoutFilters } from './filters';

const read = (search: string) => filtersOf(new URLSearchParams(search));

test('the address says what is asked for', () => {
  const filter = asked(read('status=failed&actor=Ada&from=2026-05-01&to=2026-05-01'))!;

  expect(filter).toMatchObject({ status: 'FAILED', actorName: 'Ada' });
  expect(Date.parse(filter.until!) - Date.parse(filter.since!)).toBe(86_400_000);
});

test('nonsense in the address is no filter', () => {
  expect(asked(read('status=constructor&from=yesterday&to=2026-99-99'))).toBeNull();
  expect(asked(read(''))).toBeNull();
});

test('clearing takes the filters and leaves the rest', () => {
  const search = withFilter(new URLSearchParams('abs=1&status=failed'), 'actor', 'Ada');

  expect(search.toString()).toBe('abs=1&status=failed&actor=Ada');
  expect(withFilter(search, 'actor', '').toString()).toBe('abs=1&status=failed');
  expect(withoutFilters(search).toString()).toBe('abs=1');
});
