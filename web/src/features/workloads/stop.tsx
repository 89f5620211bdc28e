import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlayerStop } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { ConfirmDelete } from '@/ui/confirm';
import { formatDuration } from '@/ui/format';
import { isLive } from '@/ui/status';
import { stopWorkload, workloads, type Workload } from './queries';

interface StopProps {
  workload: Workload;
  /** Name or id of its project. */
  project: string;
  /** Only an icon, as in a row. */
  small?: boolean;
}

/** Asks first: what runs is work. */
export function StopWorkload({ workload, project, small = false }: StopProps) {
  const [opened, { open, close }] = useDisclosure();
  const queries = useQueryClient();
  if (!isLive(workload.status) || workload.status === 'stopping') return null;
  return (
    <>
      {small ? (
        <Tooltip label="Stop">
          <ActionIcon aria-label={`Stop ${workload.name}`} onClick={open}>
            <IconPlayerStop size={16} />
          </ActionIcon>
        </Tooltip>
      ) : (
        <Button variant="default" leftSection={<IconPlayerStop size={14} />} onClick={open}>
          Stop
        </Button>
      )}
      <ConfirmDelete
        opened={opened}
        close={close}
        title={`Stop ${workload.name}?`}
        action="Stop"
        confirm={async () => {
          await stopWorkload(project, workload.id);
          await queries.invalidateQueries({ queryKey: ['get', '/api/v1/workloads'] });
          await queries.invalidateQueries(workloads.one(project, workload.id));
        }}
      >
        {workload.status === 'queued'
          ? 'It has not started yet; it will never start.'
          : `It is asked to end, and ended with everything it started after ${formatDuration(workload.spec.grace_s ?? 10)}. What it has written so far stays.`}
      </ConfirmDelete>
    </>
  );
}
