/** The lines of a log as chunks bring them, once each and in order, however often they come. */
export type LogLine = { number: number; text: string; at: string };

export function withChunk(lines: readonly LogLine[], chunk: readonly LogLine[]): readonly LogLine[] {
  const last = lines.at(-1)?.number ?? 0;
  const fresh = chunk.filter(({ number }) => number > last);
  return fresh.length === 0 ? lines : [...lines, ...fresh];
}

/** What ANSI colours a piece of a line has; everything else that a terminal understands is left out. */
export type Piece = { text: string; tone: string | null };
const ESCAPE = /\u001b\[([0-9;]*)([A-Za-z])/g;
const TONES: Record<string, string> = {
  '1': 'bold',
  '2': 'dim',
  '31': 'red',
  '32': 'green',
  '33': 'yellow',
  '34': 'blue',
  '35': 'magenta',
  '36': 'cyan',
  '90': 'dim',
  '91': 'red',
  '92': 'green',
  '93': 'yellow',
  '94': 'blue',
};

export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  let tone: string | null = null;
  let from = 0;
  for (const match of text.matchAll(ESCAPE)) {
    if (match.index > from) pieces.push({ text: text.slice(from, match.index), tone });
    from = match.index + match[0].length;
    if (match[2] !== 'm') continue;
    const code = match[1]!.split(';').at(-1)!;
    tone = code === '' || code === '0' || code === '39' ? null : (TONES[code] ?? tone);
  }
  if (from < text.length) pieces.push({ text: text.slice(from), tone });
  return pieces;
}

export function plain(text: string): string {
  return text.replace(ESCAPE, '');
}
