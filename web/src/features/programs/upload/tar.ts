/** A folder as .tar.gz, made in the browser (POSIX ustar, IEEE Std 1003.1). */

export interface Entry {
  /** Below the folder, with forward slashes. */
  path: string;
  file: Blob;
}

const BLOCK = 512;
const NAME_BYTES = 100;
const PREFIX_BYTES = 155;
const MODE = 0o644;

export function gzippedTar(entries: readonly Entry[]): Promise<Blob> {
  const parts: BlobPart[] = entries.flatMap(({ path, file }) => [
    header(path, file.size),
    file,
    new Uint8Array((BLOCK - (file.size % BLOCK)) % BLOCK),
  ]);
  const tar = new Blob([...parts, new Uint8Array(2 * BLOCK)]);
  return new Response(tar.stream().pipeThrough(new CompressionStream('gzip'))).blob();
}

/** Throws an Error for a path that the format cannot hold. */
export function header(path: string, size: number): Uint8Array<ArrayBuffer> {
  const block = new Uint8Array(BLOCK);
  const [prefix, name] = splitPath(path);
  put(block, 0, name);
  put(block, 100, octal(MODE, 8));
  put(block, 108, octal(0, 8));
  put(block, 116, octal(0, 8));
  put(block, 124, octal(size, 12));
  put(block, 136, octal(0, 12));
  put(block, 148, ' '.repeat(8));
  put(block, 156, '0');
  put(block, 257, 'ustar\0' + '00');
  put(block, 345, prefix);
  const sum = block.reduce((total, byte) => total + byte, 0);
  put(block, 148, `${sum.toString(8).padStart(6, '0')}\0 `);
  return block;
}

/** Long paths are cut at a slash: 155 bytes before it, 100 after. */
function splitPath(path: string): [prefix: string, name: string] {
  if (bytes(path) <= NAME_BYTES) return ['', path];
  for (let at = path.indexOf('/'); at > 0; at = path.indexOf('/', at + 1)) {
    const [prefix, name] = [path.slice(0, at), path.slice(at + 1)];
    if (bytes(name) <= NAME_BYTES && bytes(prefix) <= PREFIX_BYTES) return [prefix, name];
  }
  throw new Error(`The path ${path} is too long for an archive; shorten it.`);
}

function bytes(text: string): number {
  return new TextEncoder().encode(text).length;
}

function put(block: Uint8Array, at: number, text: string): void {
  block.set(new TextEncoder().encode(text), at);
}

function octal(value: number, width: number): string {
  return `${value.toString(8).padStart(width - 1, '0')}\0`;
}
