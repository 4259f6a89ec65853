import { expect, test } from 'vitest';
import { type Changed, rowsOf, treeOf } from './tree';

const changed = (path: string): Changed => ({ path, change: 'CHANGED', kind: 'PROMPT' });
const shown = (paths: string[], closed: string[] = []) =>
  rowsOf(treeOf(paths.map(changed)), new Set(closed)).map(({ level, name }) => `${'  '.repeat(level - 1)}${name}`);

test('folders come before files, and a folder of one folder is shown with it', () => {
  expect(shown(['handler.py', 'agentmark/prompts/b.mdx', 'agentmark/prompts/a.mdx'])).toEqual([
    'agentmark/prompts',
    '  a.mdx',
    '  b.mdx',
    'handler.py',
  ]);
});

test('a closed folder hides what is in it, and nothing else', () => {
  const paths = ['a/x.mdx', 'a/deep/y.mdx', 'b/z.mdx'];

  expect(shown(paths)).toEqual(['a', '  deep', '    y.mdx', '  x.mdx', 'b', '  z.mdx']);
  expect(shown(paths, ['a'])).toEqual(['a', 'b', '  z.mdx']);
});
