import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { client } from '@/api/client';
import { projects } from '@/frame/project';
import { ConfirmDelete } from '@/ui/confirm';
import { Section } from './section';

export function DangerZone({ project }: { project: string }) {
  const [opened, { open, close }] = useDisclosure();
  const navigate = useNavigate();
  const queries = useQueryClient();
  return (
    <Section
      title="Delete this project"
      about="With its runs, programs, models and deployments. Stop what runs first; nothing brings it back."
      danger
      action={
        <Button variant="default" c="var(--status-red)" onClick={open}>
          Delete…
        </Button>
      }
    >
      <ConfirmDelete
        opened={opened}
        close={close}
        title={`Delete ${project}?`}
        typed={project}
        action="Delete the project"
        confirm={async () => {
          await client.DELETE('/api/v1/projects/{project}', { params: { path: { project } } });
          await navigate({ to: '/projects' });
          await queries.invalidateQueries({ queryKey: projects.list().queryKey });
        }}
      >
        Everything in it is deleted: runs with their curves, logs and artifacts, programs, models and deployments.
        Export what you want to keep.
      </ConfirmDelete>
    </Section>
  );
}
