/** Paths as a tree. Pure. */
import type { Artifact } from '@/api/types';

export interface Folder {
  name: string;
  path: string;
  size: number;
  folders: Folder[];
  files: Artifact[];
}

export function treeOf(artifacts: readonly Artifact[]): Folder {
  const root: Folder = { name: '', path: '', size: 0, folders: [], files: [] };
  const folders = new Map([['', root]]);
  for (const artifact of [...artifacts].sort((a, b) => a.path.localeCompare(b.path, 'en', { numeric: true }))) {
    const parts = artifact.path.split('/').slice(0, -1);
    let folder = root;
    root.size += artifact.size;
    parts.forEach((name, depth) => {
      const path = parts.slice(0, depth + 1).join('/');
      let inner = folders.get(path);
      if (!inner) {
        inner = { name, path, size: 0, folders: [], files: [] };
        folders.set(path, inner);
        folder.folders.push(inner);
      }
      inner.size += artifact.size;
      folder = inner;
    });
    folder.files.push(artifact);
  }
  return root;
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
