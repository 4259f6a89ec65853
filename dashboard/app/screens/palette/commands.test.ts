import { Circle } from 'lucide-react';
import { beforeEach, expect, test } from 'vitest';
import { type Command, found, grouped, recentCommands, remember } from './commands';

const command = (group: Command['group'], text: string, words?: string): Command => ({
  id: text,
  group,
  text,
  words,
  icon: Circle,
  run: () => undefined,
});
const all = [
  command('Environments', 'staging'),
  command('Actions', 'Promote to staging'),
  command('Deployments', 'v3 · a1b2c3d', 'staging'),
  command('Pages', 'Compare'),
];
const texts = (commands: Command[]) => commands.map(({ text }) => text);

beforeEach(() => localStorage.clear());

test('every word that is typed must be there, and a beginning comes first', () => {
  expect(texts(found(all, 'sta'))).toEqual(['staging', 'Promote to staging', 'v3 · a1b2c3d']);
  expect(texts(found(all, 'promote staging'))).toEqual(['Promote to staging']);
  expect(texts(found(all, 'a1b2'))).toEqual(['v3 · a1b2c3d']);
  expect(found(all, 'nothing')).toEqual([]);
});

test('what was used last is first, once, until something is typed', () => {
  remember('Compare');
  remember('Promote to staging');
  remember('Compare');

  expect(recentCommands()).toEqual(['Compare', 'Promote to staging']);
  expect(grouped(all, '', recentCommands()).map(([group, own]) => [group, texts(own)])).toEqual([
    ['Recent', ['Compare', 'Promote to staging']],
    ['Environments', ['staging']],
    ['Deployments', ['v3 · a1b2c3d']],
  ]);
  expect(grouped(all, 'comp', recentCommands()).map(([group]) => group)).toEqual(['Pages']);
});

test('what the browser kept may be nonsense', () => {
  localStorage.setItem('pinmark.recent-commands', '{');
  expect(recentCommands()).toEqual([]);
});
