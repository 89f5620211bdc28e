/** Which preview an artifact gets. Pure. */
import type { Artifact } from '@/api/types';

export type Face = 'image' | 'audio' | 'video' | 'page' | 'text' | 'json' | 'table' | 'markdown' | 'plotly' | 'none';

/** So much of a text is read for a preview. */
export const TEXT_LIMIT = 1 << 20;
const PLOTLY = 'application/vnd.plotly.v1+json';
const TEXT_NAMES =
  /\.(txt|log|py|js|ts|tsx|r|jl|sh|ya?ml|toml|ini|cfg|conf|rst|tex|sql|xml|diff|patch|dockerfile|gitignore|jsonl|env|lock)$|(^|\/)(Dockerfile|Makefile|LICENSE|README)$/i;

export function faceOf({
  media_type,
  kind,
  path,
  size,
}: Pick<Artifact, 'media_type' | 'kind' | 'path' | 'size'>): Face {
  const type = media_type.split(';')[0]?.trim().toLowerCase() ?? '';
  // Figures are read whole: half a figure is none.
  if (type === PLOTLY) return 'plotly';
  if (type.startsWith('image/')) return 'image';
  if (type.startsWith('audio/')) return 'audio';
  if (type.startsWith('video/')) return 'video';
  if (type === 'text/html' || type === 'application/pdf') return 'page';
  if (size === 0) return 'none';
  if (type === 'text/csv' || type === 'text/tab-separated-values' || /\.(csv|tsv)$/i.test(path)) return 'table';
  if (kind === 'table' && type === 'application/json') return 'table';
  if (type === 'application/json' || type.endsWith('+json')) return 'json';
  if (type === 'text/markdown' || /\.md$/i.test(path)) return 'markdown';
  return type.startsWith('text/') || TEXT_NAMES.test(path) ? 'text' : 'none';
}

export interface Table {
  columns: string[];
  rows: unknown[][];
}

/** {"columns", "rows"} as the SDK logs tables, or CSV and TSV with a head line; null when it is neither. */
export function parseTable(text: string, path: string): Table | null {
  if (text.trimStart().startsWith('{')) {
    try {
      const { columns, rows } = JSON.parse(text) as Partial<Table>;
      return Array.isArray(columns) && Array.isArray(rows) ? { columns: columns.map(String), rows } : null;
    } catch {
      return null;
    }
  }
  const [columns, ...rows] = parseDelimited(text, /\.tsv$/i.test(path) ? '\t' : ',');
  return columns ? { columns, rows } : null;
}

/** RFC 4180: quotes around fields, doubled inside. */
export function parseDelimited(text: string, delimiter: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let field = '';
  let quoted = false;
  const endRow = () => {
    row.push(field);
    if (row.length > 1 || row[0] !== '') rows.push(row);
    row = [];
    field = '';
  };
  for (let at = 0; at < text.length; at += 1) {
    const letter = text.charAt(at);
    if (quoted) {
      if (letter !== '"') field += letter;
      else if (text.charAt(at + 1) === '"') {
        field += '"';
        at += 1;
      } else quoted = false;
    } else if (letter === '"' && field === '') quoted = true;
    else if (letter === delimiter) {
      row.push(field);
      field = '';
    } else if (letter === '\n') endRow();
    else if (letter !== '\r') field += letter;
  }
  if (field !== '' || row.length > 0) endRow();
  return rows;
}
