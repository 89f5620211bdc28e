import { ActionIcon, Button, Group, Menu, ScrollArea, Tabs, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconDots, IconPencil, IconPlayerStop, IconTrash } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { Suspense } from 'react';
import { client } from '@/api/client';
import type { Run } from '@/api/types';
import { useFrame } from '@/frame/context';
import { projectPath, useMay, useProject } from '@/frame/project';
import { ConfirmDelete } from '@/ui/confirm';
import { Page } from '@/ui/page';
import { ErrorState, SkeletonRows } from '@/ui/states';
import { isLive, StatusPill } from '@/ui/status';
import { Duration, RelativeTime } from '@/ui/values';
import { runs } from '../queries';
import { RunProvider, useRunLive } from './context';
import { EditRun } from './edit';
import classes from './run.module.css';

const RUN = '/api/v1/projects/{project}/runs/{run_id}';
/** Tabs that scroll inside, not the page. */
const FILLED = new Set(['logs']);

export default function RunPage() {
  const project = useProject();
  const { run: id = '', tab = 'overview' } = useParams({ strict: false });
  const { data: run, error, refetch } = useQuery(runs.one(project, id));
  const { registry } = useFrame();
  const navigate = useNavigate();
  useRunLive(project, run);
  const crumbs = [{ label: 'Runs', to: projectPath(project, 'runs') }, { label: run?.name ?? '…' }];
  if (!run) {
    return (
      <Page title="Run" crumbs={crumbs}>
        {error ? <ErrorState error={error} retry={() => void refetch()} /> : <SkeletonRows rows={12} />}
      </Page>
    );
  }
  const tabs = registry.tabs('run');
  return (
    <Page
      title={run.name}
      crumbs={crumbs}
      fill={FILLED.has(tab)}
      aside={<StatusPill status={run.status} reason={run.reason} />}
      actions={
        <RunProvider value={{ run, project }}>
          {registry.slots('run.actions').map(({ id: slot, Component }) => (
            <Suspense key={slot}>
              <Component />
            </Suspense>
          ))}
          <Actions project={project} run={run} />
        </RunProvider>
      }
    >
      <Facts run={run} />
      <Tabs
        value={tab}
        keepMounted={false}
        onChange={(next) => {
          void navigate({ to: projectPath(project, `runs/${id}/${next ?? 'overview'}`) });
        }}
        className={classes['tabs']}
        data-fill={FILLED.has(tab) || undefined}
      >
        <ScrollArea type="never" className={classes['list']}>
          <Tabs.List style={{ flexWrap: 'nowrap' }}>
            {tabs.map(({ id: value, label }) => (
              <Tabs.Tab key={value} value={value}>
                {label}
              </Tabs.Tab>
            ))}
          </Tabs.List>
        </ScrollArea>
        <RunProvider value={{ run, project }}>
          {tabs.map(({ id: value, Component }) => (
            <Tabs.Panel key={value} value={value} className={classes['panel']}>
              <Suspense fallback={<SkeletonRows rows={8} />}>
                <Component />
              </Suspense>
            </Tabs.Panel>
          ))}
        </RunProvider>
      </Tabs>
    </Page>
  );
}

function Facts({ run }: { run: Run }) {
  return (
    <Group gap={6} mb="sm" className={classes['facts']}>
      <Text span size="sm" c="dimmed">
        {run.experiment} · <Duration from={run.started_at} to={run.finished_at} /> · started{' '}
        <RelativeTime at={run.started_at ?? run.created_at} /> by {run.created_by}
        {run.program && ` · ${run.program.name}:${run.program.version}`}
      </Text>
      {Object.entries(run.tags).map(([key, value]) => (
        <span key={key} className={classes['tag']}>
          {value ? `${key}: ${value}` : key}
        </span>
      ))}
      {run.stop_requested && isLive(run.status) && (
        <Text span size="sm" c="var(--status-amber)">
          asked to stop
        </Text>
      )}
    </Group>
  );
}

function Actions({ project, run }: { project: string; run: Run }) {
  const may = useMay();
  const navigate = useNavigate();
  const [deleting, deletion] = useDisclosure();
  const [editing, edit] = useDisclosure();
  const path = { project, run_id: run.id };
  const stop = useMutation({
    mutationFn: () => client.POST(`${RUN}/stop`, { params: { path } }),
    meta: { done: 'The run was asked to stop' },
  });
  if (!may.write) return null;
  return (
    <>
      {isLive(run.status) && (
        <Button
          variant="default"
          leftSection={<IconPlayerStop size={14} />}
          loading={stop.isPending}
          disabled={run.stop_requested}
          onClick={() => {
            stop.mutate();
          }}
        >
          Stop
        </Button>
      )}
      <Button variant="default" leftSection={<IconPencil size={14} />} onClick={edit.open}>
        Edit
      </Button>
      <Menu>
        <Menu.Target>
          <ActionIcon aria-label="More actions" variant="default" size={30}>
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconTrash size={16} />} c="var(--status-red)" onClick={deletion.open}>
            Delete
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <EditRun project={project} run={run} opened={editing} close={edit.close} />
      <ConfirmDelete
        opened={deleting}
        close={deletion.close}
        title={`Delete ${run.name}?`}
        confirm={async () => {
          await client.DELETE(RUN, { params: { path } });
          await navigate({ to: projectPath(project, 'runs') });
        }}
      >
        Its metrics, log and artifacts go with it.
      </ConfirmDelete>
    </>
  );
}
