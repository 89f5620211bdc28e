import { Select, Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { projectPath, useMay, useProject } from '@/frame/project';
import { text, useUrlState } from '@/frame/url-state';
import { Page } from '@/ui/page';
import { ErrorState, Loaded, SkeletonRows } from '@/ui/states';
import { Actions } from './actions';
import { History } from './history';
import { Overview } from './overview';
import { programs, type Program, type Version } from './queries';
import { RunForm } from './run/form';
import { Versions } from './versions';

const TABS = ['overview', 'run', 'history', 'versions'] as const;
type Tab = (typeof TABS)[number];
const LABELS: Record<Tab, string> = { overview: 'Overview', run: 'Run', history: 'Runs', versions: 'Versions' };
const VERSION = text();
const FROM = text();

export default function ProgramPage() {
  const project = useProject();
  const params = useParams({ strict: false, select: (all: Record<string, string | undefined>) => all });
  const name = params['program'] ?? '';
  const tab = TABS.find((each) => each === params['tab']) ?? 'overview';
  const [chosen, setChosen] = useUrlState('version', VERSION);
  const program = useQuery(programs.one(project, name));
  const number = chosen || program.data?.latest;
  const version = useQuery({ ...programs.version(project, name, number ?? ''), enabled: number !== undefined });
  const navigate = useNavigate();
  const { write } = useMay();
  const base = projectPath(project, `programs/${encodeURIComponent(name)}`);
  const go = (to: string) =>
    void navigate({
      to: to === 'overview' ? base : `${base}/${to}`,
      search: (chosen ? { version: chosen } : {}) as never,
    });
  return (
    <Page
      title={name}
      crumbs={[{ label: 'Programs', to: projectPath(project, 'programs') }, { label: name }]}
      aside={program.data && number && <VersionChoice program={program.data} value={number} set={setChosen} />}
      actions={
        version.data && (
          <Actions
            version={version.data}
            project={project}
            mayWrite={write}
            run={() => {
              go('run');
            }}
          />
        )
      }
      fill={tab === 'history'}
    >
      <Tabs
        value={tab}
        onChange={(value) => {
          go(value ?? 'overview');
        }}
        keepMounted={false}
        style={tab === 'history' ? { display: 'flex', flexDirection: 'column', flex: 1, minHeight: 0 } : undefined}
      >
        <Tabs.List mb="md">
          {TABS.filter((each) => write || each !== 'run').map((each) => (
            <Tabs.Tab key={each} value={each}>
              {LABELS[each]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {program.error ? (
          <ErrorState error={program.error} retry={() => void program.refetch()} />
        ) : (
          <Loaded query={version} skeleton={<SkeletonRows rows={12} />}>
            {() => null}
          </Loaded>
        )}
        {version.data && (
          <>
            <Tabs.Panel value="overview">
              <Overview version={version.data} project={project} />
            </Tabs.Panel>
            <Tabs.Panel value="run">
              <RunTab version={version.data} project={project} />
            </Tabs.Panel>
            <Tabs.Panel value="history" style={{ flex: 1, minHeight: 0, display: 'flex' }} pb="md">
              <History program={name} project={project} />
            </Tabs.Panel>
            <Tabs.Panel value="versions">
              {program.data && <Versions program={program.data} project={project} mayWrite={write} />}
            </Tabs.Panel>
          </>
        )}
      </Tabs>
    </Page>
  );
}

/** The form; with `from` in the address it is filled in as that run was. */
function RunTab({ version, project }: { version: Version; project: string }) {
  const [from] = useUrlState('from', FROM);
  const before = useQuery({ ...programs.run(project, from), enabled: from !== '' });
  if (from === '') return <RunForm key={version.id} version={version} project={project} />;
  return (
    <Loaded query={before} skeleton={<SkeletonRows rows={10} />}>
      {({ params }) => <RunForm key={`${version.id} ${from}`} version={version} project={project} given={params} />}
    </Loaded>
  );
}

interface VersionChoiceProps {
  program: Program;
  value: string;
  set: (version: string) => void;
}

function VersionChoice({ program, value, set }: VersionChoiceProps) {
  return (
    <Select
      size="xs"
      w={150}
      aria-label="Version"
      data={program.versions.map(({ version }) => ({
        value: version,
        label: version === program.latest ? `${version} (newest)` : version,
      }))}
      value={value}
      allowDeselect={false}
      onChange={(version) => {
        set(version === program.latest ? '' : (version ?? ''));
      }}
    />
  );
}
