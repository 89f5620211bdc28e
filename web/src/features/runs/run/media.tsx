import { Slider, Text } from '@mantine/core';
import { IconPhoto } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Artifact } from '@/api/types';
import { formatNumber } from '@/ui/format';
import { EmptyState, Loaded } from '@/ui/states';
import files from '../files/files.module.css';
import { Preview } from '../files/preview';
import { artifactAddress, runs } from '../queries';
import { useRun } from './context';

/** What was logged under a key at several steps: images, tables, figures, texts, with a slider over the steps. */
export default function MediaTab() {
  const { run, project } = useRun();
  return (
    <Loaded query={useQuery(runs.media(project, run.id))}>
      {({ items }) => {
        const byKey = Map.groupBy(items, ({ key }) => key ?? '');
        if (byKey.size === 0) {
          return (
            <EmptyState title="No media" icon={IconPhoto}>
              Images, tables, figures and texts that the run logs by step appear here.
            </EmptyState>
          );
        }
        return (
          <div className={files['gallery']}>
            {[...byKey].map(([key, artifacts]) => (
              <Series key={key} name={key} artifacts={artifacts} project={project} run={run.id} />
            ))}
          </div>
        );
      }}
    </Loaded>
  );
}

interface SeriesProps {
  name: string;
  artifacts: Artifact[];
  project: string;
  run: string;
}

function Series({ name, artifacts, project, run }: SeriesProps) {
  const steps = [...new Set(artifacts.map(({ step }) => step ?? 0))].sort((a, b) => a - b);
  const [place, setPlace] = useState<number | null>(null);
  const at = place ?? steps.length - 1;
  const shown = artifacts.filter(({ step }) => (step ?? 0) === steps[at]);
  return (
    <section className={files['series']} aria-label={name}>
      <h2 className="truncate">{name}</h2>
      {shown.map((artifact) => (
        <figure key={artifact.path} style={{ margin: 0 }}>
          <Preview artifact={artifact} address={artifactAddress(project, run, artifact.path)} />
          {artifact.caption && (
            <Text component="figcaption" size="xs" c="dimmed" mt={4}>
              {artifact.caption}
            </Text>
          )}
        </figure>
      ))}
      <div className={files['steps']}>
        <Text size="xs" c="dimmed">
          Step {formatNumber(steps[at])}
        </Text>
        {steps.length > 1 && (
          <Slider
            flex={1}
            size="sm"
            min={0}
            max={steps.length - 1}
            step={1}
            label={null}
            thumbLabel={`Step of ${name}`}
            value={at}
            onChange={setPlace}
          />
        )}
      </div>
    </section>
  );
}
