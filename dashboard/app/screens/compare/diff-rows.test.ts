import { expect, test } from 'vitest';
import { changedPart, type Line, pairsOf } from './diff-rows';

const line = (kind: Line['kind'], text: string): Line => ({ __typename: 'DiffLine', kind, text, oldNumber: null, newNumber: null, hasLineBreak: true });

test('a removed line stands beside the line that took its place', () => {
  const pairs = pairsOf([
    line('CONTEXT', 'a'),
    line('REMOVED', 'b'),
    line('REMOVED', 'c'),
    line('ADDED', 'B'),
    line('CONTEXT', 'd'),
    line('ADDED', 'e'),
  ]);

  expect(pairs.map(({ before, after }) => [before?.text ?? null, after?.text ?? null])).toEqual([
    ['a', 'a'],
    ['b', 'B'],
    ['c', null],
    ['d', 'd'],
    [null, 'e'],
  ]);
});

test('the part that differs is found, unless the lines have little in common', () => {
  expect(changedPart('Be very brief.', 'Be brief.')).toEqual({ from: 3, to: 8 });
  expect(changedPart('one', 'something else')).toBeNull();
  expect(changedPart('Be brief.', 'Be very brief.')).toBeNull();
});
