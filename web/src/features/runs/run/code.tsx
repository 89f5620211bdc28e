import { Stack } from '@mantine/core';
import { IconGitBranch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { send } from '@/api/client';
import { CodeBlock, JsonView } from '@/ui/code';
import { EmptyState, Loaded } from '@/ui/states';
import { artifactAddress } from '../queries';
import { useRun } from './context';
import { Diff } from './diff';
import { Block, Values } from './overview';

export default function CodeTab() {
  const { run, project } = useRun();
  const { source, environment } = run;
  const facts = Object.entries(environment);
  if (!source && facts.length === 0) {
    return (
      <EmptyState title="No code was recorded" icon={IconGitBranch}>
        The SDK notes commit, changes and packages when a run starts inside a git folder.
      </EmptyState>
    );
  }
  const simple = facts.filter(([, value]) => typeof value !== 'object');
  const deep = facts.filter(([, value]) => typeof value === 'object' && value !== null);
  return (
    <Stack gap="md">
      {source && (
        <Block title="Source">
          <Values
            entries={[
              ['commit', source.commit],
              ['branch', source.branch],
              ['remote', source.remote],
              ['entry', source.entry],
              ['changes', source.dirty ? 'yes, see below' : source.dirty === false ? 'none' : null],
            ].flatMap(([key, value]): [string, unknown][] => (value == null ? [] : [[String(key), value]]))}
          />
        </Block>
      )}
      {source?.diff && <Changes path={source.diff} project={project} run={run.id} />}
      {simple.length > 0 && (
        <Block title="Environment">
          <Values entries={simple} />
        </Block>
      )}
      {deep.map(([key, value]) => (
        <Block key={key} title={key}>
          {isLines(value) ? (
            <CodeBlock text={value.join('\n')} maxHeight={360} label={key} />
          ) : (
            <JsonView value={value} />
          )}
        </Block>
      ))}
    </Stack>
  );
}

function isLines(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((line) => typeof line === 'string');
}

function Changes({ path, project, run }: { path: string; project: string; run: string }) {
  const query = useQuery({
    queryKey: ['artifact-text', project, run, path],
    queryFn: async () =>
      (await send(artifactAddress(project, run, path), { headers: { Range: 'bytes=0-1048575' } })).text(),
    staleTime: Infinity,
  });
  return (
    <Block title="Changes since the commit">
      <Loaded query={query}>{(text) => <Diff text={text} />}</Loaded>
    </Block>
  );
}
