/** The changed files as a tree; the arrows walk it, Enter opens a file. */
import { ChevronRight, FileMinus2, FilePen, FilePlus2, Folder as FolderIcon } from 'lucide-react';
import { type KeyboardEvent, useMemo, useRef, useState } from 'react';
import { type Changed, type Row, rowsOf, treeOf } from './tree';

const MARKS = {
  ADDED: { icon: FilePlus2, word: 'added' },
  CHANGED: { icon: FilePen, word: 'changed' },
  REMOVED: { icon: FileMinus2, word: 'removed' },
} as const;

export function FileTree({
  files,
  selected,
  onSelect,
}: {
  files: readonly Changed[];
  selected: string | null;
  onSelect: (path: string) => void;
}) {
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const rows = useMemo(() => rowsOf(treeOf(files), closed), [files, closed]);
  const [walked, walkTo] = useState<string | null>(null);
  const current = rows.find(({ path }) => path === walked) ?? rows.find(({ path }) => path === selected) ?? rows[0];
  const list = useRef<HTMLUListElement>(null);

  function toggle(path: string, isOpen: boolean) {
    setClosed((now) => new Set(isOpen ? [...now].filter((one) => one !== path) : [...now, path]));
  }

  function act(row: Row) {
    walkTo(row.path);
    if ('file' in row) onSelect(row.path);
    else toggle(row.path, !row.isOpen);
  }

  function goTo(row: Row | undefined) {
    if (!row) return;
    walkTo(row.path);
    list.current?.querySelector<HTMLElement>(`[data-path="${CSS.escape(row.path)}"]`)?.focus();
  }

  function onKeyDown(event: KeyboardEvent) {
    if (!current || event.metaKey || event.ctrlKey || event.altKey) return;
    const at = rows.indexOf(current);
    const moves: Record<string, () => void> = {
      ArrowDown: () => goTo(rows[at + 1]),
      ArrowUp: () => goTo(rows[at - 1]),
      Home: () => goTo(rows[0]),
      End: () => goTo(rows.at(-1)),
      Enter: () => act(current),
      ' ': () => act(current),
      ArrowRight: () => {
        if ('file' in current) return;
        if (current.isOpen) goTo(rows[at + 1]);
        else toggle(current.path, true);
      },
      ArrowLeft: () => {
        if ('folder' in current && current.isOpen) toggle(current.path, false);
        else goTo(rows.slice(0, at).findLast(({ level }) => level < current.level));
      },
    };
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    move();
  }

  return (
    <ul ref={list} role="tree" aria-label="Changed files" className="file-tree" onKeyDown={onKeyDown}>
      {rows.map((row) => (
        <TreeRow
          key={row.path}
          row={row}
          isSelected={row.path === selected}
          isCurrent={row === current}
          onPress={() => act(row)}
        />
      ))}
    </ul>
  );
}

function TreeRow({
  row,
  isSelected,
  isCurrent,
  onPress,
}: {
  row: Row;
  isSelected: boolean;
  isCurrent: boolean;
  onPress: () => void;
}) {
  const mark = 'file' in row ? MARKS[row.file.change] : null;
  const Icon = mark?.icon ?? FolderIcon;
  return (
    <li
      role="treeitem"
      aria-level={row.level}
      aria-selected={isSelected}
      aria-expanded={'folder' in row ? row.isOpen : undefined}
      aria-label={mark ? `${row.name}, ${mark.word}` : row.name}
      tabIndex={isCurrent ? 0 : -1}
      data-path={row.path}
      data-change={'file' in row ? row.file.change : undefined}
      className="file-row"
      style={{ paddingLeft: `${(row.level - 1) * 0.875 + 0.375}rem` }}
      title={row.path}
      onClick={onPress}
    >
      {'folder' in row ? (
        <ChevronRight size={13} aria-hidden className="file-chevron" data-open={row.isOpen || undefined} />
      ) : (
        <span className="file-chevron" />
      )}
      <Icon size={14} aria-hidden />
      <span className="file-name">{row.name}</span>
    </li>
  );
}
