/** Which artifacts of a run are models, and what they might be called. */

const MANIFEST = 'model.json';

export function isManifest(path: string): boolean {
  return path === MANIFEST || path.endsWith(`/${MANIFEST}`);
}

/** "models/best/model.json" → "models/best"; a model at the top has the path "". */
export function folderOf(path: string): string {
  return path.slice(0, -MANIFEST.length).replace(/\/$/, '');
}

/** The last part of the folder, unless that says no more than "model"; then the project's name. */
export function suggestedName(folder: string | null, project: string): string {
  const last = folder?.split('/').at(-1) ?? '';
  const name = last
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '');
  return name === '' || name === 'model' ? project : name;
}
