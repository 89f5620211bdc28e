/** What is inside an artifact, as far as a browser can show it. */
import { Button, ScrollArea, Text } from '@mantine/core';
import { IconDownload, IconFile } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { send } from '@/api/client';
import type { Artifact } from '@/api/types';
import { CodeBlock, JsonView } from '@/ui/code';
import { formatBytes, formatValue } from '@/ui/format';
import { Markdown } from '@/ui/markdown';
import { EmptyState, Loaded, SkeletonRows } from '@/ui/states';
import classes from './files.module.css';
import { faceOf, parseTable, TEXT_LIMIT, type Table } from './face';

const PlotlyFigure = lazy(() => import('./plotly-figure'));

interface PreviewProps {
  artifact: Artifact;
  /** Where its bytes are. */
  address: string;
}

export function Preview({ artifact, address }: PreviewProps) {
  const face = faceOf(artifact);
  switch (face) {
    case 'image':
      return <img className={classes['image']} src={address} alt={artifact.caption || artifact.path} loading="lazy" />;
    case 'audio':
      // eslint-disable-next-line jsx-a11y/media-has-caption -- a user's recording has none
      return <audio controls src={address} style={{ width: '100%' }} />;
    case 'video':
      // eslint-disable-next-line jsx-a11y/media-has-caption -- a user's recording has none
      return <video controls src={address} className={classes['image']} />;
    case 'page':
      return <iframe className={classes['page']} src={address} sandbox="allow-scripts" title={artifact.path} />;
    case 'none':
      return (
        <EmptyState
          title="No preview"
          icon={IconFile}
          action={
            <Button
              component="a"
              href={`${address}?download=true`}
              variant="default"
              leftSection={<IconDownload size={14} />}
            >
              Download
            </Button>
          }
        >
          {artifact.media_type}, {formatBytes(artifact.size)}
        </EmptyState>
      );
    default:
      return <TextPreview artifact={artifact} address={address} face={face} />;
  }
}

function TextPreview({
  artifact,
  address,
  face,
}: PreviewProps & { face: 'text' | 'json' | 'table' | 'markdown' | 'plotly' }) {
  const query = useQuery({
    queryKey: ['artifact-text', artifact.hash],
    queryFn: async () => (await send(address, { headers: { Range: `bytes=0-${(TEXT_LIMIT - 1).toString()}` } })).text(),
    staleTime: Infinity,
  });
  return (
    <Loaded query={query}>
      {(text) => (
        <>
          <Shown text={text} face={artifact.size > TEXT_LIMIT ? 'text' : face} name={artifact.path} />
          {artifact.size > TEXT_LIMIT && (
            <Text size="xs" c="dimmed" mt="xs">
              The first {formatBytes(TEXT_LIMIT)} of {formatBytes(artifact.size)}.
            </Text>
          )}
        </>
      )}
    </Loaded>
  );
}

function Shown({ text, face, name }: { text: string; face: string; name: string }) {
  if (face === 'markdown') return <Markdown text={text} />;
  if (face === 'table') {
    const table = parseTable(text, name);
    return table ? <TableView table={table} /> : <CodeBlock text={text} label={name} />;
  }
  if (face === 'json' || face === 'plotly') {
    const value = parsed(text);
    if (value === undefined) return <CodeBlock text={text} label={name} />;
    if (face === 'json') return <JsonView value={value} />;
    return (
      <Suspense fallback={<SkeletonRows rows={10} />}>
        <PlotlyFigure figure={value} />
      </Suspense>
    );
  }
  return <CodeBlock text={text} maxHeight={640} label={name} />;
}

const ROWS = 500;

function TableView({ table }: { table: Table }) {
  return (
    <>
      <ScrollArea.Autosize mah={600} type="auto" viewportProps={{ tabIndex: 0, 'aria-label': 'Table' }}>
        <table className={classes['table']}>
          <thead>
            <tr>
              {table.columns.map((column, index) => (
                <th key={index} scope="col">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {table.rows.slice(0, ROWS).map((row, index) => (
              <tr key={index}>
                {row.map((cell, place) => (
                  <td key={place}>{formatValue(cell)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollArea.Autosize>
      {table.rows.length > ROWS && (
        <Text size="xs" c="dimmed" mt="xs">
          The first {ROWS} of {table.rows.length.toLocaleString('en-US')} rows.
        </Text>
      )}
    </>
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
