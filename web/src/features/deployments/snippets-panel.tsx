import { Anchor, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { addressOf } from '@/api/client';
import { CodeBlock } from '@/ui/code';
import { Loaded, SkeletonRows } from '@/ui/states';
import { models } from '../models/queries';
import classes from './deployments.module.css';
import { modelOf, type Deployment } from './queries';
import { snippets } from './snippets';
import { emptyRequest } from './try/request';

export function Snippets({ deployment, project }: { deployment: Deployment; project: string }) {
  const { model, version } = modelOf(deployment.model);
  const query = useQuery(models.version(project, model, version));
  const path = addressOf('/projects/{project}/v2/models/{name}/infer', { project, name: deployment.name });
  return (
    <Stack gap="md" maw={880}>
      <Text size="sm">
        It speaks the Open Inference Protocol, as Triton, KServe and Seldon do. Sign in with an{' '}
        <Anchor component={Link} to="/account" size="sm" underline="always">
          access key
        </Anchor>{' '}
        of somebody who may read this project.
      </Text>
      <Loaded query={query} skeleton={<SkeletonRows rows={10} />}>
        {({ signature, example }) =>
          snippets({
            url: window.location.origin + path,
            name: deployment.name,
            project,
            request: example ?? emptyRequest(signature.inputs ?? []),
          }).map(({ label, text }) => (
            <section key={label} aria-label={label}>
              <div className={classes['cardHead']}>
                <h2>{label}</h2>
              </div>
              <CodeBlock text={text} label={label} maxHeight={320} />
            </section>
          ))
        }
      </Loaded>
    </Stack>
  );
}
