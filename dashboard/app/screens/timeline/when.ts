/** Moments and ranges as a person writes them, in the time of here. */
const DAY = 86_400_000;
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const CLOCK = /^(\d{1,2})[:.](\d{2})$/;
const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;

/**
 * `Tue 14:00`, `yesterday 9:30`, `14:00`, `2026-05-26 14:00` or an ISO instant; a day alone is its
 * first minute. A weekday or a time without a date is the last one that was. Null for anything else.
 */
export function momentOf(text: string, now: Date): Date | null {
  const words = text.trim().toLowerCase().replace(/^on\s+/, '').split(/[\s,]+|t(?=\d)/).filter(Boolean);
  if (/^\d{4}-\d{2}-\d{2}t.*(z|[+-]\d{2}:\d{2})$/i.test(text.trim())) return valid(new Date(text.trim()));
  if (words.length === 0 || words.length > 2) return null;
  const clock = clockOf(words.at(-1)!);
  const dayWord = clock && words.length === 1 ? 'today' : words[0]!;
  if (words.length === 2 && !clock) return null;
  const day = dayOf(dayWord, now);
  if (!day) return null;
  day.setHours(clock?.hours ?? 0, clock?.minutes ?? 0, 0, 0);
  if (day > now && !DATE.test(dayWord)) day.setDate(day.getDate() - (words.length === 1 ? 1 : 7));
  return day;
}

function clockOf(word: string): { hours: number; minutes: number } | null {
  const [, hours, minutes] = CLOCK.exec(word) ?? [];
  return hours && Number(hours) < 24 && Number(minutes) < 60 ? { hours: Number(hours), minutes: Number(minutes) } : null;
}

function dayOf(word: string, now: Date): Date | null {
  const [, year, month, date] = DATE.exec(word) ?? [];
  if (year) {
    const day = new Date(Number(year), Number(month) - 1, Number(date));
    return day.getDate() === Number(date) ? day : null;
  }
  const day = new Date(now);
  if (word === 'today' || word === 'now') return day;
  if (word === 'yesterday') return new Date(day.setDate(day.getDate() - 1));
  const weekday = word.length >= 3 ? WEEKDAYS.findIndex((one) => word.startsWith(one)) : -1;
  if (weekday < 0) return null;
  return new Date(day.setDate(day.getDate() - ((day.getDay() - weekday + 7) % 7)));
}

function valid(date: Date): Date | null {
  return Number.isNaN(date.getTime()) ? null : date;
}

export type Range = { from: Date; to: Date; isUntilNow: boolean };

/** What the address asks for, in whole days of here; the last seven days unless told. */
export function rangeOf(search: URLSearchParams, now: Date): Range {
  const to = dateOf(search.get('to'));
  const end = to ? new Date(Math.min(to.getTime() + DAY, now.getTime())) : now;
  const from = dateOf(search.get('from')) ?? new Date(end.getTime() - 7 * DAY);
  return from < end
    ? { from, to: end, isUntilNow: end === now }
    : { from: new Date(end.getTime() - DAY), to: end, isUntilNow: end === now };
}

function dateOf(text: string | null): Date | null {
  return text && DATE.test(text) ? dayOf(text, new Date()) : null;
}

export function dayText(date: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

const STEPS = [5, 15, 30, 60, 180, 360, 720, 1440, 2880, 10_080, 20_160, 43_200, 129_600]; // minutes

/** The marks of an axis: midnights, or hours and minutes when the range is short; never more than ten. */
export function ticksOf({ from, to }: { from: Date; to: Date }): Date[] {
  const minutes = (to.getTime() - from.getTime()) / 60_000;
  const step = STEPS.find((one) => minutes / one <= 10) ?? 525_600;
  const tick = new Date(from);
  const passed = tick.getHours() * 60 + tick.getMinutes();
  tick.setHours(0, step < 1440 ? Math.floor(passed / step) * step : 0, 0, 0);
  const ticks: Date[] = [];
  for (; tick <= to; tick.setMinutes(tick.getMinutes() + step)) if (tick > from) ticks.push(new Date(tick));
  return ticks;
}
