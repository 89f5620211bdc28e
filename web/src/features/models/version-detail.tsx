import { ActionIcon, Button, Group, SimpleGrid, Title, Tooltip } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconRocket, IconTrash } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useRefresh } from '@/api/refresh';
import { projectPath } from '@/frame/project';
import { CodeBlock, JsonView } from '@/ui/code';
import { ConfirmDelete } from '@/ui/confirm';
import { EditableMarkdown } from '@/ui/editable-markdown';
import { FactSheet } from '@/ui/fact-sheet';
import { formatNumber } from '@/ui/format';
import { Bytes, Fact, RelativeTime } from '@/ui/values';
import { DeployModel } from '../deployments/deploy';
import { AliasEditor } from './alias-editor';
import classes from './models.module.css';
import { models, MODELS, type ModelVersion } from './queries';
import { SignatureTable } from './signature-table';

interface VersionDetailProps {
  version: ModelVersion;
  project: string;
  mayWrite: boolean;
}

export function VersionDetail({ version, project, mayWrite }: VersionDetailProps) {
  const refresh = useRefresh(MODELS);
  const ref = `${version.model}:${version.version}`;
  return (
    <section aria-label={`Version ${version.version}`}>
      <Group justify="space-between" mt="lg" mb="sm">
        <Title order={2}>Version {version.version}</Title>
        {mayWrite && <Actions version={version} project={project} />}
      </Group>
      <FactSheet>
        <Fact label="From">
          <Link to={projectPath(project, `runs/${version.run}`)} className="link">
            run {version.run.slice(-8)}
          </Link>{' '}
          {version.path && <span className="mono">{version.path}</span>}
        </Fact>
        <Fact label="Registered">
          <RelativeTime at={version.created_at} /> by {version.created_by}
        </Fact>
        <Fact label="Flavour">{version.flavour}</Fact>
        <Fact label="Environment">
          {version.environment === 'locked' ? 'locked, with hashes' : 'of the platform itself'}
        </Fact>
        <Fact label="Size">
          <Bytes value={version.size} />
        </Fact>
      </FactSheet>
      <AliasEditor version={version} project={project} mayWrite={mayWrite} />
      <EditableMarkdown
        text={version.notes}
        label={`Notes of version ${version.version}`}
        placeholder="No notes yet."
        mayEdit={mayWrite}
        save={async (notes) => {
          await models.changeNotes(project, version.model, version.version, notes);
          await refresh();
        }}
      />
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
        <div>
          <h3 className={classes['heading']}>Signature</h3>
          <SignatureTable signature={version.signature} />
        </div>
        <div>
          <h3 className={classes['heading']}>Metrics at registration</h3>
          <Metrics metrics={version.metrics ?? {}} />
        </div>
        <div>
          <h3 className={classes['heading']}>Serve it</h3>
          <CodeBlock text={`wardian deploy model ${ref}`} label="Command line" />
        </div>
        {version.example && (
          <div>
            <h3 className={classes['heading']}>Example request</h3>
            <JsonView value={version.example} />
          </div>
        )}
      </SimpleGrid>
    </section>
  );
}

function Metrics({ metrics }: { metrics: Record<string, number | null> }) {
  const own = Object.entries(metrics).filter(([key]) => !key.startsWith('system/'));
  if (own.length === 0) return <p className={classes['nothing']}>The run had logged none.</p>;
  return (
    <table className={classes['table']}>
      <tbody>
        {own.map(([key, value]) => (
          <tr key={key}>
            <th scope="row">{key}</th>
            <td data-number>{formatNumber(value ?? 'NaN')}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Actions({ version, project }: { version: ModelVersion; project: string }) {
  const [deploying, deploy] = useDisclosure();
  const [deleting, del] = useDisclosure();
  const refresh = useRefresh(MODELS);
  const ref = `${version.model}:${version.version}`;
  return (
    <Group gap="xs">
      <Button variant="default" leftSection={<IconRocket size={14} />} onClick={deploy.open}>
        Deploy this version
      </Button>
      <Tooltip label="Delete this version">
        <ActionIcon aria-label={`Delete version ${version.version}`} onClick={del.open}>
          <IconTrash size={16} />
        </ActionIcon>
      </Tooltip>
      <DeployModel
        project={project}
        model={version.model}
        version={version.version}
        opened={deploying}
        close={deploy.close}
      />
      <ConfirmDelete
        opened={deleting}
        close={del.close}
        title={`Delete ${ref}?`}
        confirm={async () => {
          await models.removeVersion(project, version.model, version.version);
          await refresh();
        }}
      >
        Its aliases go with it. While a deployment serves it, it cannot be deleted.
      </ConfirmDelete>
    </Group>
  );
}
