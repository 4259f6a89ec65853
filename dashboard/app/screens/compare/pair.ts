/**
 * What an address compares: `dev...staging` is what dev would bring to staging, and
 * `staging@v2...staging` what staging served as v2 beside what it serves now.
 */
export type Pair = { source: string; version: number | null; target: string };

const PAIR = /^([a-z0-9-]+)(?:@v([1-9]\d{0,8}))?\.\.\.([a-z0-9-]+)$/;

export function pairOf(text: string): Pair | null {
  const [, source, version, target] = PAIR.exec(text) ?? [];
  return source && target ? { source, version: version ? Number(version) : null, target } : null;
}
