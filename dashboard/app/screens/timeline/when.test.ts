import { describe, expect, test } from 'vitest';
import { momentOf, rangeOf, ticksOf } from './when';

const friday = new Date(2026, 4, 29, 16, 20);
const at = (text: string) => momentOf(text, friday);

describe('a moment', () => {
  test.each([
    ['Tue 14:00', new Date(2026, 4, 26, 14, 0)],
    ['on Tuesday, 14:00', new Date(2026, 4, 26, 14, 0)],
    ['fri 18:00', new Date(2026, 4, 22, 18, 0)],
    ['Friday 9:30', new Date(2026, 4, 29, 9, 30)],
    ['yesterday 9:30', new Date(2026, 4, 28, 9, 30)],
    ['14:00', new Date(2026, 4, 29, 14, 0)],
    ['18:00', new Date(2026, 4, 28, 18, 0)],
    ['2026-05-01', new Date(2026, 4, 1)],
    ['2026-05-01 07:05', new Date(2026, 4, 1, 7, 5)],
    ['2026-05-01T07:05Z', new Date(Date.UTC(2026, 4, 1, 7, 5))],
  ])('%s', (text, moment) => {
    expect(at(text)).toEqual(moment);
  });

  test.each(['', 'soon', '25:00', '2026-02-31', 'Tue 14:00 sharp', 'tu 9:00', 'Tue noon'])(
    '“%s” is none',
    (text) => {
      expect(at(text)).toBeNull();
    },
  );
});

describe('a range', () => {
  test('is the last seven days unless told', () => {
    const { from, to, isUntilNow } = rangeOf(new URLSearchParams(), friday);

    expect([to, isUntilNow]).toEqual([friday, true]);
    expect(to.getTime() - from.getTime()).toBe(7 * 86_400_000);
  });

  test('has its last day whole, and does not reach past now', () => {
    const past = rangeOf(new URLSearchParams('from=2026-05-01&to=2026-05-02'), friday);
    expect([past.from, past.to]).toEqual([new Date(2026, 4, 1), new Date(2026, 4, 3)]);

    expect(rangeOf(new URLSearchParams('to=2026-07-01'), friday).to).toEqual(friday);
  });

  test('that ends before it begins shows the day of its end', () => {
    const { from, to } = rangeOf(new URLSearchParams('from=2026-05-20&to=2026-05-02'), friday);

    expect(from < to).toBe(true);
  });
});

test('an axis has a few round marks', () => {
  const week = ticksOf({ from: new Date(2026, 4, 22, 16), to: friday });
  expect(week.map((tick) => tick.getHours())).toEqual([0, 0, 0, 0, 0, 0, 0]);

  const hour = ticksOf({ from: new Date(2026, 4, 29, 15, 5), to: friday });
  expect(hour.map((tick) => tick.getMinutes())).toEqual([15, 30, 45, 0, 15]);

  const day = ticksOf({ from: new Date(2026, 4, 28, 16), to: friday });
  expect(day.length).toBeLessThanOrEqual(10);
  expect(day.every((tick) => tick.getHours() % 3 === 0)).toBe(true);
});
