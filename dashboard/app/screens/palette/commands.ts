/** Everything that the palette offers, and how what is typed finds it. */
import type { LucideIcon } from 'lucide-react';

export const GROUPS = ['Recent', 'Environments', 'Actions', 'Deployments', 'Pages', 'Help'] as const;
export type Group = (typeof GROUPS)[number];

export type Command = {
  /** The same in every visit, so that it can be remembered. */
  id: string;
  group: Exclude<Group, 'Recent'>;
  text: string;
  hint?: string | undefined;
  /** Further words by which it is found. */
  words?: string | undefined;
  icon: LucideIcon;
  run: () => void;
};

/** Every word that is typed is found somewhere; what begins with the first of them comes first. */
export function found(commands: readonly Command[], typed: string): Command[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const rank = ({ text }: Command) => (text.toLowerCase().startsWith(words[0] ?? '') ? 0 : 1);
  return commands
    .filter((command) => {
      const all = `${command.text} ${command.hint ?? ''} ${command.words ?? ''}`.toLowerCase();
      return words.every((word) => all.includes(word));
    })
    .map((command, place) => ({ command, place }))
    .sort((a, b) => rank(a.command) - rank(b.command) || a.place - b.place)
    .map(({ command }) => command);
}

const FEW = 6;
const MANY = 20;

/** In groups, recent ones first while nothing is typed. What is further down is found by typing. */
export function grouped(commands: readonly Command[], typed: string, recent: readonly string[]): [Group, Command[]][] {
  const rest = found(commands, typed);
  const isTyped = typed.trim() !== '';
  const recently = isTyped ? [] : recent.flatMap((id) => rest.find((one) => one.id === id) ?? []);
  return GROUPS.map((group): [Group, Command[]] => {
    if (group === 'Recent') return [group, recently];
    const own = rest.filter((one) => one.group === group && !recently.includes(one));
    return [group, own.slice(0, isTyped ? MANY : FEW)];
  }).filter(([, own]) => own.length > 0);
}

const KEPT = 'pinmark.recent-commands';
const REMEMBERED = 4;

export function recentCommands(): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEPT) ?? '[]');
    return Array.isArray(kept) ? kept.filter((one) => typeof one === 'string') : [];
  } catch {
    return [];
  }
}

export function remember(id: string): void {
  const next = [id, ...recentCommands().filter((one) => one !== id)].slice(0, REMEMBERED);
  localStorage.setItem(KEPT, JSON.stringify(next));
}
