import { expect, test } from 'vitest';
import { columnsOf } from './lane';

const stop = (name: string) => ({ id: name, name, isDefault: name === 'dev' });
const columns = (sources: Record<string, string | null>) =>
  columnsOf(['dev', ...Object.keys(sources)].map(stop), ({ name }) => sources[name] ?? null).map((column) =>
    column.map(({ name }) => name),
  );

test('an environment stands right of the one it was promoted from', () => {
  expect(columns({ prod: 'staging', staging: 'dev', eu: 'staging' })).toEqual([['dev'], ['staging'], ['prod', 'eu']]);
});

test('what was never promoted into stands nowhere', () => {
  expect(columns({ staging: 'dev', empty: null })).toEqual([['dev'], ['staging']]);
});

test('a deleted source and a circle put nobody out of the page', () => {
  expect(columns({ staging: 'gone' })).toEqual([['dev'], ['staging']]);
  expect(columns({ a: 'b', b: 'a' })).toEqual([['dev'], ['a', 'b']]);
});
