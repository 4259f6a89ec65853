/** The two environments that an address compares: `dev...staging` is what dev would bring to staging. */
export function pairOf(text: string): [source: string, target: string] | null {
  const [source, target, ...rest] = text.split('...');
  return source && target && rest.length === 0 ? [source, target] : null;
}
