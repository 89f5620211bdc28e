import { ActionIcon, Tooltip } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useRefresh } from '@/api/refresh';
import { projectPath } from '@/frame/project';
import { ConfirmDelete } from '@/ui/confirm';
import { DataTable } from '@/ui/table/data-table';
import { CopyableId, RelativeTime } from '@/ui/values';
import { PROGRAMS, programs, type Program } from './queries';

interface VersionsProps {
  program: Program;
  project: string;
  mayWrite: boolean;
}

/** Every version there is; none of them ever changes. */
export function Versions({ program, project, mayWrite }: VersionsProps) {
  const [deleting, setDeleting] = useState<string | null>(null);
  const navigate = useNavigate();
  const refresh = useRefresh(PROGRAMS);
  const base = projectPath(project, `programs/${encodeURIComponent(program.name)}`);
  return (
    <>
      <DataTable
        name="program-versions"
        label="Versions"
        inline
        rows={program.versions}
        rowId={(row) => row.version}
        open={(row) => void navigate({ to: base, search: { version: row.version } as never })}
        columns={[
          {
            id: 'version',
            label: 'Version',
            width: 140,
            cell: ({ version }) => (
              <Link to={base} search={{ version } as never} className="quiet-link" tabIndex={-1}>
                {version}
              </Link>
            ),
          },
          { id: 'created', label: 'When', width: 140, cell: ({ created_at }) => <RelativeTime at={created_at} /> },
          { id: 'by', label: 'By', width: 140, cell: ({ created_by }) => created_by },
          {
            id: 'hash',
            label: 'Content',
            width: 200,
            cell: ({ hash }) => <CopyableId id={hash} label="Copy the hash" />,
          },
          {
            id: 'delete',
            label: '',
            width: 60,
            cell: ({ version }) =>
              mayWrite && (
                <Tooltip label="Delete this version">
                  <ActionIcon
                    aria-label={`Delete version ${version}`}
                    onClick={() => {
                      setDeleting(version);
                    }}
                  >
                    <IconTrash size={16} />
                  </ActionIcon>
                </Tooltip>
              ),
          },
        ]}
      />
      <ConfirmDelete
        opened={deleting !== null}
        close={() => {
          setDeleting(null);
        }}
        title={`Delete ${program.name}:${deleting ?? ''}?`}
        confirm={async () => {
          if (deleting === null) return;
          const isLast = program.versions.length === 1;
          if (isLast) await programs.remove(project, program.name);
          else await programs.removeVersion(project, program.name, deleting);
          await navigate({ to: isLast ? projectPath(project, 'programs') : `${base}/versions` });
          await refresh();
        }}
      >
        {program.versions.length === 1 && 'It is the only one: the program goes with it. '}
        Its runs stay. To be able to bring it back, export it first.
      </ConfirmDelete>
    </>
  );
}
