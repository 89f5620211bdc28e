/** What was dropped or chosen, made into one archive to send. */
import { gzippedTar, type Entry } from './tar';

export interface Parcel {
  name: string;
  body: Blob;
  /** An export of a program with its checksums, or the archive of a folder. */
  kind: 'export' | 'program';
  /** Which file of the folder describes the program, where one was dropped alone. */
  describedBy?: string;
}

const DESCRIPTIONS = ['wardian.yaml', 'wardian.yml', 'same.yaml', 'same.yml'];
/** What no program needs, and what would make the upload large. */
const LEFT_OUT = new Set([
  '.git',
  '.hg',
  '.venv',
  'venv',
  'node_modules',
  '__pycache__',
  '.ipynb_checkpoints',
  '.DS_Store',
]);
const MOST_FILES = 20_000;

/** Throws an Error that says what may be dropped instead. */
export async function parcelOf(files: readonly File[]): Promise<Parcel> {
  const [first] = files;
  if (!first) throw new Error('Nothing was dropped.');
  if (files.length === 1 && isArchive(first.name)) {
    return { name: first.name, body: first, kind: (await isExport(first)) ? 'export' : 'program' };
  }
  return folderParcel(files.map((file) => ({ path: file.webkitRelativePath || file.name, file })));
}

/** The same for entries of a drop, which may be folders. */
export async function parcelOfDrop(items: readonly FileSystemEntry[]): Promise<Parcel> {
  const [only] = items;
  if (only?.isFile && items.length === 1) return parcelOf([await fileOf(only as FileSystemFileEntry)]);
  const entries: Entry[] = [];
  for (const item of items) await gather(item, entries);
  return folderParcel(entries);
}

async function folderParcel(entries: readonly Entry[]): Promise<Parcel> {
  const kept = withoutTop(entries).filter(({ path }) => !path.split('/').some((part) => LEFT_OUT.has(part)));
  if (kept.length > MOST_FILES)
    throw new Error(`The folder holds more than ${MOST_FILES.toLocaleString('en-US')} files; is it the right one?`);
  const notebooks = kept.filter(({ path }) => path.endsWith('.ipynb'));
  const described = kept.some(({ path }) => DESCRIPTIONS.includes(path));
  const [notebook] = notebooks;
  if (!described && !notebook)
    throw new Error('No program in it: a folder has a wardian.yaml or a same.yaml at its top, or a notebook.');
  if (!described && notebooks.length > 1)
    throw new Error('Which of the notebooks? A wardian.yaml or a same.yaml at the top of the folder says so.');
  const top = entries[0]?.path.split('/')[0] ?? 'program';
  const describedBy = described ? undefined : notebook?.path;
  return { name: top, body: await gzippedTar(kept), kind: 'program', ...(describedBy && { describedBy }) };
}

/** Paths below the one folder that holds all of them. */
function withoutTop(entries: readonly Entry[]): Entry[] {
  const tops = new Set(entries.map(({ path }) => path.split('/')[0]));
  if (tops.size !== 1 || entries.some(({ path }) => !path.includes('/'))) return [...entries];
  return entries.map(({ path, file }) => ({ path: path.slice(path.indexOf('/') + 1), file }));
}

export function isArchive(name: string): boolean {
  return /\.(tgz|tar\.gz)$/i.test(name);
}

const HEAD_BYTES = 2048;

/** An export's first member is its manifest.json, which names the format. */
export async function isExport(file: Blob): Promise<boolean> {
  const head = await unzippedHead(file);
  return head.startsWith('manifest.json\0') && head.includes('wardian-program');
}

async function unzippedHead(file: Blob): Promise<string> {
  const reader = file.stream().pipeThrough(new DecompressionStream('gzip')).getReader();
  let text = '';
  try {
    while (text.length < HEAD_BYTES) {
      const { done, value } = await reader.read();
      if (done) break;
      text += new TextDecoder('latin1').decode(value.subarray(0, HEAD_BYTES));
    }
  } catch {
    // Not gzip, or cut short: the server says what is wrong with it.
  }
  await reader.cancel().catch(() => undefined);
  return text;
}

async function gather(entry: FileSystemEntry, into: Entry[]): Promise<void> {
  if (LEFT_OUT.has(entry.name)) return;
  if (into.length > MOST_FILES) return;
  if (entry.isFile) {
    into.push({ path: entry.fullPath.replace(/^\//, ''), file: await fileOf(entry as FileSystemFileEntry) });
    return;
  }
  for (const child of await childrenOf(entry as FileSystemDirectoryEntry)) await gather(child, into);
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => {
    entry.file(resolve, reject);
  });
}

/** A reader hands out its entries in portions, and then an empty one. */
async function childrenOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const found: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject);
    });
    if (some.length === 0) return found;
    found.push(...some);
  }
}
