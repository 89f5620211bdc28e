import { Text } from '@mantine/core';
import { IconArrowLeft, IconArrowRight } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { Edge } from '@/api/types';
import { projectPath } from '@/frame/project';
import classes from './run.module.css';

/** What went in and what came out, with a link where the thing has a page. */
export function EdgeList({ edges, project }: { edges: readonly Edge[]; project: string }) {
  return (
    <table className={classes['table']}>
      <tbody>
        {edges.map((edge) => (
          <tr key={`${edge.direction} ${edge.kind} ${edge.name} ${edge.version}`}>
            <td style={{ width: 24 }}>
              {edge.direction === 'input' ? (
                <IconArrowRight size={14} role="img" aria-label="input" color="var(--status-blue)" />
              ) : (
                <IconArrowLeft size={14} role="img" aria-label="output" color="var(--status-green)" />
              )}
            </td>
            <td style={{ width: 80 }}>
              <Text span size="sm" c="dimmed">
                {edge.kind}
              </Text>
            </td>
            <td>
              <EdgeName edge={edge} project={project} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function EdgeName({ edge, project }: { edge: Edge; project: string }) {
  const name = edge.version ? `${edge.name}:${edge.version}` : edge.name;
  const page = pageOf(edge);
  if (page === null) return <span title={edge.uri ?? edge.hash ?? undefined}>{name}</span>;
  return (
    <Link to={projectPath(project, page)} className="link">
      {name}
    </Link>
  );
}

function pageOf({ kind, name }: Edge): string | null {
  if (kind === 'model') return `models/${encodeURIComponent(name)}`;
  return kind === 'run' && /^[0-9a-f]{32}$/.test(name) ? `runs/${name}` : null;
}
