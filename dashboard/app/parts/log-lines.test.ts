import { describe, expect, test } from 'vitest';
import { type LogLine, piecesOf, plain, withChunk } from './log-lines';

const line = (number: number): LogLine => ({ number, text: `line ${number}`, at: '2026-01-01T00:00:00Z' });
const numbers = (lines: readonly LogLine[]) => lines.map((one) => one.number);

describe('the lines of a log', () => {
  test('come once each, however often a chunk is replayed', () => {
    const first = withChunk([], [line(1), line(2)]);
    const replayed = withChunk(first, [line(1), line(2)]);

    expect(replayed).toBe(first);
    expect(numbers(withChunk(replayed, [line(2), line(3)]))).toEqual([1, 2, 3]);
  });

  test('keep what a terminal would colour, and nothing else of a terminal', () => {
    const text = '\u001b[32mok\u001b[0m then \u001b[2Kplain \u001b[1;31mbad';

    expect(piecesOf(text)).toEqual([
      { text: 'ok', tone: 'green' },
      { text: ' then ', tone: null },
      { text: 'plain ', tone: null },
      { text: 'bad', tone: 'red' },
    ]);
    expect(plain(text)).toBe('ok then plain bad');
  });
});
