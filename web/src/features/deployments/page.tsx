import { Alert, Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { projectPath, useMay, useProject } from '@/frame/project';
import { Page } from '@/ui/page';
import { Loaded, SkeletonRows } from '@/ui/states';
import { StatusPill } from '@/ui/status';
import { Actions } from './actions';
import { DeploymentLog } from './log';
import { Overview } from './overview';
import { deployments, type Deployment } from './queries';
import { Snippets } from './snippets-panel';
import { TryIt } from './try/try-it';

const TABS = ['overview', 'try', 'use', 'log'] as const;
type Tab = (typeof TABS)[number];
const LABELS: Record<Tab, string> = { overview: 'Overview', try: 'Try it', use: 'Use it', log: 'Log' };

export default function DeploymentPage() {
  const project = useProject();
  const params = useParams({ strict: false, select: (all: Record<string, string | undefined>) => all });
  const name = params['deployment'] ?? '';
  const tab = TABS.find((each) => each === params['tab']) ?? 'overview';
  const query = useQuery(deployments.one(project, name));
  const navigate = useNavigate();
  const { write } = useMay();
  const base = projectPath(project, `deployments/${encodeURIComponent(name)}`);
  return (
    <Page
      title={name}
      crumbs={[{ label: 'Deployments', to: projectPath(project, 'deployments') }, { label: name }]}
      aside={query.data && <StatusPill status={query.data.status} reason={query.data.reason} />}
      actions={query.data && write && <Actions deployment={query.data} project={project} />}
      fill={tab === 'log'}
    >
      <Loaded query={query} skeleton={<SkeletonRows rows={10} />}>
        {(deployment) => (
          <>
            <Why deployment={deployment} />
            <Tabs
              value={tab}
              onChange={(value) => void navigate({ to: value === 'overview' ? base : `${base}/${value ?? ''}` })}
              keepMounted={false}
              style={tab === 'log' ? { display: 'flex', flexDirection: 'column', flex: 1, minHeight: 0 } : undefined}
            >
              <Tabs.List mb="md">
                {TABS.map((each) => (
                  <Tabs.Tab key={each} value={each}>
                    {LABELS[each]}
                  </Tabs.Tab>
                ))}
              </Tabs.List>
              <Tabs.Panel value="overview">
                <Overview deployment={deployment} project={project} mayWrite={write} />
              </Tabs.Panel>
              <Tabs.Panel value="try">
                <TryIt deployment={deployment} project={project} />
              </Tabs.Panel>
              <Tabs.Panel value="use">
                <Snippets deployment={deployment} project={project} />
              </Tabs.Panel>
              <Tabs.Panel value="log" style={{ flex: 1, minHeight: 0, display: 'flex' }} pb="md">
                <DeploymentLog deployment={deployment} project={project} />
              </Tabs.Panel>
            </Tabs>
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Why({ deployment: { reason, status } }: { deployment: Deployment }) {
  if (!reason) return null;
  return (
    <Alert
      color={status === 'failed' ? 'red' : 'yellow'}
      variant="light"
      mb="sm"
      p="xs"
      style={{ whiteSpace: 'pre-wrap' }}
    >
      {reason}
    </Alert>
  );
}
