import { Alert, Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Markdown } from '@/ui/markdown';
import { Bytes, Fact, RelativeTime } from '@/ui/values';
import { FactSheet } from '@/ui/fact-sheet';
import classes from './programs.module.css';
import { programs, type Version } from './queries';
import { boundsOf, textOf } from './run/values';
import { StepGraph } from './step-graph';
import { stepsOf } from './steps';

export function Overview({ version, project }: { version: Version; project: string }) {
  return (
    <>
      {version.manifest.description && (
        <Text size="sm" mb="md" maw="80ch">
          {version.manifest.description}
        </Text>
      )}
      <Facts version={version} />
      <div className={classes['columns']}>
        <Readme version={version} project={project} />
        <div className={classes['side']}>
          <section aria-label="Steps of the program">
            <h2 className={classes['heading']}>Steps</h2>
            <StepGraph steps={stepsOf(version)} />
          </section>
          <Parameters parameters={version.manifest.parameters ?? {}} />
          <Data pointers={version.manifest.data ?? []} />
        </div>
      </div>
    </>
  );
}

function Facts({ version }: { version: Version }) {
  const { source, warnings } = version;
  const origin = [source['url'], source['ref'] ?? source['commit']?.slice(0, 10)].filter(Boolean).join(' @ ');
  return (
    <>
      {warnings.length > 0 && (
        <Alert color="yellow" variant="light" mb="md" p="xs">
          {warnings.map((warning) => (
            <div key={warning}>{warning}</div>
          ))}
        </Alert>
      )}
      <FactSheet>
        <Fact label="Created">
          <RelativeTime at={version.created_at} /> by {version.created_by}
        </Fact>
        <Fact label="Size">
          {version.files} files, <Bytes value={version.size} />
        </Fact>
        <Fact label="Environment">{environmentOf(version)}</Fact>
        {version.manifest.serve && <Fact label="Serves">{version.manifest.serve.path}</Fact>}
        {origin && <Fact label="From">{origin}</Fact>}
        <Fact label="Content">
          <span className="mono" title={version.hash}>
            {version.hash.slice(0, 12)}
          </span>
        </Fact>
      </FactSheet>
    </>
  );
}

function environmentOf({ lock, manifest }: Version): string {
  if (lock === null) return 'the platform’s own interpreter';
  const packages = lock.split('\n').filter((line) => /^[A-Za-z0-9]/.test(line)).length;
  const python = manifest.environment?.python;
  return `${python ? `Python ${python}, ` : ''}${packages.toString()} packages, locked`;
}

function Readme({ version, project }: { version: Version; project: string }) {
  const { data, isPending } = useQuery(programs.readme(project, version.program, version.version));
  if (isPending) return <Skeleton height={360} radius="lg" />;
  return (
    <article className={classes['readme']} aria-label="README">
      {data ? (
        <Markdown text={data} />
      ) : (
        <Text size="sm" c="dimmed" pt="sm">
          This version has no README.
        </Text>
      )}
    </article>
  );
}

function Parameters({ parameters }: { parameters: NonNullable<Version['manifest']['parameters']> }) {
  const entries = Object.entries(parameters);
  if (entries.length === 0) return null;
  return (
    <section aria-label="Parameters">
      <h2 className={classes['heading']}>Parameters</h2>
      <table className={classes['table']}>
        <tbody>
          {entries.map(([name, parameter]) => (
            <tr key={name}>
              <th scope="row" className="mono" title={parameter.help}>
                {name}
              </th>
              <td>{parameter.required ? 'must be given' : textOf(parameter.default, parameter.type) || 'empty'}</td>
              <td>{boundsOf(parameter) || parameter.choices.join(', ') || parameter.type}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Data({ pointers }: { pointers: NonNullable<Version['manifest']['data']> }) {
  if (pointers.length === 0) return null;
  return (
    <section aria-label="Data">
      <h2 className={classes['heading']}>Data</h2>
      <table className={classes['table']}>
        <tbody>
          {pointers.map(({ name, uri }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td className="mono" style={{ overflowWrap: 'anywhere' }}>
                {uri}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
