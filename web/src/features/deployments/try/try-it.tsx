import { Alert, SegmentedControl, SimpleGrid, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { messageOf } from '@/api/errors';
import { Loaded, SkeletonRows } from '@/ui/states';
import { models, type ModelVersion } from '../../models/queries';
import classes from '../deployments.module.css';
import { modelOf, type Deployment } from '../queries';
import { AnswerView } from './answer';
import { ask } from './ask';
import { DrawingForm } from './drawing-form';
import { JsonForm } from './json-form';
import { NumbersForm } from './numbers-form';
import { fieldsOf, padSideOf, type InferenceRequest } from './request';
import { TableForm } from './table-form';

type Way = 'draw' | 'numbers' | 'table' | 'json';
const LABELS: Record<Way, string> = { draw: 'Draw', numbers: 'Numbers', table: 'Table', json: 'JSON' };

/** A form made from the signature of what is served. */
export function TryIt({ deployment, project }: { deployment: Deployment; project: string }) {
  const { model, version } = modelOf(deployment.model);
  const query = useQuery(models.version(project, model, version));
  return (
    <>
      {deployment.live == null && (
        <Alert variant="light" color="yellow" mb="md" p="xs">
          Nothing answers at the moment; the form is here already.
        </Alert>
      )}
      <Loaded query={query} skeleton={<SkeletonRows rows={10} />}>
        {(found) => <Forms key={found.id} version={found} project={project} deployment={deployment.name} />}
      </Loaded>
    </>
  );
}

interface FormsProps {
  version: ModelVersion;
  project: string;
  deployment: string;
}

function Forms({ version, project, deployment }: FormsProps) {
  const inputs = version.signature.inputs ?? [];
  const ways = waysFor(inputs);
  const [way, setWay] = useState<Way>(ways[0] ?? 'json');
  const { mutate, data, error, isPending } = useMutation({
    meta: { quiet: true },
    mutationFn: (request: InferenceRequest) =>
      ask(
        project,
        deployment,
        request,
        (version.signature.outputs ?? []).map(({ name }) => name),
      ),
  });
  const form = { inputs, example: version.example ?? null, busy: isPending, submit: mutate };
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
      <div>
        {ways.length > 1 && (
          <SegmentedControl
            size="xs"
            mb="md"
            aria-label="How to ask"
            data={ways.map((value) => ({ value, label: LABELS[value] }))}
            value={way}
            onChange={(value) => {
              setWay(value as Way);
            }}
          />
        )}
        {way === 'draw' && <DrawingForm {...form} />}
        {way === 'numbers' && <NumbersForm {...form} />}
        {way === 'table' && <TableForm {...form} />}
        {way === 'json' && <JsonForm {...form} />}
      </div>
      <section className={classes['panel']} aria-label="Answer" aria-live="polite" style={{ minHeight: 240 }}>
        <div className={classes['cardHead']}>
          <h2>Answer</h2>
        </div>
        {error ? (
          <Alert color="red" variant="light" role="alert">
            {messageOf(error)}
          </Alert>
        ) : data ? (
          <AnswerView answer={data} />
        ) : (
          <Text size="sm" c="dimmed">
            What the model says appears here.
          </Text>
        )}
      </section>
    </SimpleGrid>
  );
}

function waysFor(inputs: Parameters<typeof fieldsOf>[0]): Way[] {
  const hasFields = fieldsOf(inputs) !== null;
  const ways: [Way, boolean][] = [
    ['draw', padSideOf(inputs) !== null],
    ['numbers', hasFields],
    ['table', hasFields],
    ['json', true],
  ];
  return ways.filter(([, possible]) => possible).map(([way]) => way);
}
