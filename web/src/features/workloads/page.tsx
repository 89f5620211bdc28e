import { Alert, Button, Group, Tabs, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconTrash } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { projectPath, useMay, useProject } from '@/frame/project';
import { choice, useUrlState } from '@/frame/url-state';
import { CodeBlock } from '@/ui/code';
import { ConfirmDelete } from '@/ui/confirm';
import { Page } from '@/ui/page';
import { Loaded, SkeletonRows } from '@/ui/states';
import { isLive, StatusPill } from '@/ui/status';
import { CopyableId, Duration, Fact, RelativeTime } from '@/ui/values';
import { FactSheet } from '@/ui/fact-sheet';
import { WorkloadLog } from './log';
import { deleteWorkload, workloads, type Workload } from './queries';
import { shellLine } from '@/ui/shell-line';
import { StopWorkload } from './stop';
import { wanted } from './words';

const TAB = choice(['log', 'spec'] as const, 'log');

export default function WorkloadPage() {
  const project = useProject();
  const id = useParams({ strict: false, select: (params: Record<string, string>) => params['workload'] ?? '' });
  const query = useQuery(workloads.one(project, id));
  const [tab, setTab] = useUrlState('tab', TAB);
  const name = query.data?.name ?? 'Workload';
  return (
    <Page
      title={name}
      crumbs={[{ label: 'Queue', to: projectPath(project, 'queue') }, { label: name }]}
      aside={query.data && <StatusPill status={query.data.status} />}
      actions={query.data && <Actions workload={query.data} project={project} />}
      fill
    >
      <Loaded query={query} skeleton={<SkeletonRows rows={10} />}>
        {(workload) => (
          <>
            {workload.reason && (
              <Alert color={workload.status === 'failed' ? 'red' : 'gray'} variant="light" mb="sm" p="xs">
                {workload.reason}
              </Alert>
            )}
            <Facts workload={workload} project={project} />
            <Tabs
              value={tab}
              onChange={(value) => {
                setTab(TAB.parse(value ?? undefined));
              }}
              style={{ display: 'flex', flexDirection: 'column', flex: 1, minHeight: 0 }}
            >
              <Tabs.List mb="sm">
                <Tabs.Tab value="log">Log</Tabs.Tab>
                <Tabs.Tab value="spec">Command and variables</Tabs.Tab>
              </Tabs.List>
              <Tabs.Panel value="log" style={{ flex: 1, minHeight: 0, display: 'flex' }} pb="md">
                <WorkloadLog project={project} id={id} status={workload.status} />
              </Tabs.Panel>
              <Tabs.Panel value="spec" style={{ overflow: 'auto' }} pb="md">
                <SpecView workload={workload} />
              </Tabs.Panel>
            </Tabs>
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Facts({ workload, project }: { workload: Workload; project: string }) {
  const run = workload.spec.variables?.['WARDIAN_RUN'];
  const addresses = Object.entries(workload.address ?? {});
  return (
    <FactSheet>
      <Fact label="Kind">{workload.kind}</Fact>
      <Fact label="Ran for">
        <Duration from={workload.started_at} to={workload.finished_at} />
      </Fact>
      <Fact label="Queued">
        <RelativeTime at={workload.created_at} /> by {workload.created_by}
      </Fact>
      <Fact label="Slots">{wanted(workload.spec.resources)}</Fact>
      <Fact label="Place">{workload.place ?? 'nowhere yet'}</Fact>
      <Fact label="Attempt">
        {(workload.attempt + 1).toString()}
        {workload.exit_code != null && `, exit status ${workload.exit_code.toString()}`}
      </Fact>
      {addresses.length > 0 && (
        <Fact label="Address">{addresses.map(([port, address]) => `${port} ${address}`).join(', ')}</Fact>
      )}
      {run && (
        <Fact label="Run">
          <Link to={projectPath(project, `runs/${run}`)} className="link">
            Open its run
          </Link>
        </Fact>
      )}
      <Fact label="Id">
        <CopyableId id={workload.id} />
      </Fact>
    </FactSheet>
  );
}

function SpecView({ workload }: { workload: Workload }) {
  const { spec } = workload;
  const variables = Object.entries(spec.variables ?? {});
  return (
    <>
      <CodeBlock text={shellLine(spec.command)} label="Command" />
      <Text size="sm" mt="md" mb={6} fw={550}>
        Variables
      </Text>
      {variables.length === 0 ? (
        <Text size="sm" c="dimmed">
          Only those that every workload gets.
        </Text>
      ) : (
        <CodeBlock text={variables.map(([name, value]) => `${name}=${value}`).join('\n')} maxHeight={400} />
      )}
    </>
  );
}

function Actions({ workload, project }: { workload: Workload; project: string }) {
  const [opened, { open, close }] = useDisclosure();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const { write } = useMay();
  if (!write) return null;
  return (
    <Group gap="xs">
      <StopWorkload workload={workload} project={project} />
      {!isLive(workload.status) && (
        <Button variant="default" leftSection={<IconTrash size={14} />} onClick={open}>
          Delete
        </Button>
      )}
      <ConfirmDelete
        opened={opened}
        close={close}
        title={`Delete ${workload.name}?`}
        confirm={async () => {
          await deleteWorkload(project, workload.id);
          await queries.invalidateQueries({ queryKey: ['get', '/api/v1/workloads'] });
          await navigate({ to: projectPath(project, 'queue') });
        }}
      >
        Its log and its working folder go with it. A run that it carried stays.
      </ConfirmDelete>
    </Group>
  );
}
