import { ActionIcon, Button, Group, Menu } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconArrowBackUp, IconDots, IconPlayerPlay, IconPlayerStop, IconPlus, IconTrash } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useRefresh } from '@/api/refresh';
import { projectPath } from '@/frame/project';
import { ConfirmDelete } from '@/ui/confirm';
import { DeployModel } from './deploy';
import { DEPLOYMENTS, deployments, type Deployment, type Revision } from './queries';

export function Actions({ deployment, project }: { deployment: Deployment; project: string }) {
  const { name } = deployment;
  const [revising, revise] = useDisclosure();
  const [stopping, stop] = useDisclosure();
  const [deleting, del] = useDisclosure();
  const navigate = useNavigate();
  const refresh = useRefresh(DEPLOYMENTS);
  const revisions = useQuery(deployments.revisions(project, name));
  const back = useMutation({ mutationFn: () => deployments.rollBack(project, name), onSuccess: refresh });
  const start = useMutation({ mutationFn: () => deployments.start(project, name), onSuccess: refresh });
  const to = rollbackTarget(deployment, revisions.data?.items ?? []);
  const rests = deployment.status === 'stopped' || deployment.status === 'failed';
  return (
    <Group gap="xs">
      {to !== null && (
        <Button
          variant="default"
          leftSection={<IconArrowBackUp size={14} />}
          loading={back.isPending}
          onClick={() => {
            back.mutate();
          }}
        >
          Roll back to {to}
        </Button>
      )}
      {rests && (
        <Button
          variant="default"
          leftSection={<IconPlayerPlay size={14} />}
          loading={start.isPending}
          onClick={() => {
            start.mutate();
          }}
        >
          Start
        </Button>
      )}
      <Button leftSection={<IconPlus size={14} />} onClick={revise.open}>
        New revision
      </Button>
      <Menu>
        <Menu.Target>
          <ActionIcon aria-label="More" variant="default" size={30}>
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconPlayerStop size={14} />} onClick={stop.open} disabled={rests}>
            Stop…
          </Menu.Item>
          <Menu.Item color="red" leftSection={<IconTrash size={14} />} onClick={del.open}>
            Delete…
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <DeployModel project={project} deployment={name} opened={revising} close={revise.close} />
      <ConfirmDelete
        opened={stopping}
        close={stop.close}
        title={`Stop ${name}?`}
        action="Stop"
        confirm={async () => {
          await deployments.stop(project, name);
          await refresh();
        }}
      >
        Requests are refused from now on. The deployment and its revisions stay; it can be started again.
      </ConfirmDelete>
      <ConfirmDelete
        opened={deleting}
        close={del.close}
        title={`Delete ${name}?`}
        typed={name}
        confirm={async () => {
          await deployments.remove(project, name);
          await navigate({ to: projectPath(project, 'deployments') });
          await refresh();
        }}
      >
        What it serves ends, and its revisions are forgotten. The model stays.
      </ConfirmDelete>
    </Group>
  );
}

/** The model that a rollback brings back: that of the live revision while another is rolled out, else of the one before. */
function rollbackTarget({ live, target }: Deployment, revisions: readonly Revision[]): string | null {
  if (live == null) return null;
  const revision =
    target != null && target !== live
      ? revisions.find(({ number }) => number === live)
      : revisions.find(({ number, ready_at }) => number < live && ready_at != null);
  return revision?.model ?? null;
}
