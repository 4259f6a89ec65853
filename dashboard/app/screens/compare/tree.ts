/** Changed files as folders, each with what is in it. */
import type { FileChangeKind, FileKind } from '../../gql/graphql';

/** `kind` is null for code. */
export type Changed = { path: string; change: FileChangeKind; kind: FileKind | null };
export type Folder = { name: string; path: string; folders: Folder[]; files: Changed[] };
export type Row = { level: number; path: string; name: string } & ({ folder: Folder; isOpen: boolean } | { file: Changed });

export function treeOf(files: readonly Changed[]): Folder {
  const root: Folder = { name: '', path: '', folders: [], files: [] };
  for (const file of [...files].sort((a, b) => a.path.localeCompare(b.path))) {
    let folder = root;
    for (const name of file.path.split('/').slice(0, -1)) folder = within(folder, name);
    folder.files.push(file);
  }
  return joined(root);
}

function within(folder: Folder, name: string): Folder {
  let found = folder.folders.find((one) => one.name === name);
  if (!found) {
    found = { name, path: folder.path ? `${folder.path}/${name}` : name, folders: [], files: [] };
    folder.folders.push(found);
  }
  return found;
}

/** A folder that holds one folder alone is shown with it, as `agentmark/prompts`. */
function joined(folder: Folder): Folder {
  const folders = folder.folders.map(joined).map((one) => {
    const [only] = one.folders;
    return only && one.folders.length === 1 && one.files.length === 0
      ? { ...only, name: `${one.name}/${only.name}` }
      : one;
  });
  return { ...folder, folders };
}

/** The rows that can be seen, from top to bottom. */
export function rowsOf(folder: Folder, closed: ReadonlySet<string>, level = 1): Row[] {
  return [
    ...folder.folders.flatMap((one): Row[] => {
      const isOpen = !closed.has(one.path);
      const row: Row = { level, path: one.path, name: one.name, folder: one, isOpen };
      return isOpen ? [row, ...rowsOf(one, closed, level + 1)] : [row];
    }),
    ...folder.files.map((file): Row => ({ level, path: file.path, name: file.path.split('/').at(-1)!, file })),
  ];
}
