/** A wall of charts: one panel per metric, sections by the part of the key before the first slash. */
import { Group, SegmentedControl, Slider, Stack, Switch, Text, TextInput, UnstyledButton } from '@mantine/core';
import { IconChartLine, IconChevronDown, IconChevronRight, IconSearch } from '@tabler/icons-react';
import { useQueries } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { Run } from '@/api/types';
import type { ChartSettings } from '@/charts/curve';
import { choice, flag, number, text, useUrlState } from '@/frame/url-state';
import { EmptyState, SkeletonRows } from '@/ui/states';
import { runs as queries } from '../queries';
import { Panel } from './panel';
import { matches, sections } from './sections';
import classes from './wall.module.css';

const X = choice(['step', 'relative', 'wall'], 'step');
const SMOOTHING = number(0);
const LOG = flag();
const TEXT = text();

interface ChartWallProps {
  project: string;
  runs: readonly Run[];
  /** Which metrics; all but those of the machine when left out. */
  keys?: (key: string) => boolean;
}

const notSystem = (key: string) => !key.startsWith('system/');

export function ChartWall({ project, runs, keys = notSystem }: ChartWallProps) {
  const [x, setX] = useUrlState('x', X);
  const [smoothing, setSmoothing] = useUrlState('smooth', SMOOTHING);
  const [log, setLog] = useUrlState('log', LOG);
  const [search, setSearch] = useUrlState('metric', TEXT);
  const settings = useMemo<ChartSettings>(() => ({ x, smoothing, log }), [x, smoothing, log]);
  const known = useMetricKeys(project, runs);
  const shown = sections([...known.keys].filter((key) => keys(key) && matches(key, search)));
  return (
    <Stack gap="sm">
      <Group gap="md" className={classes['settings']}>
        <TextInput
          size="xs"
          w={160}
          placeholder="Find a metric"
          aria-label="Find a metric"
          leftSection={<IconSearch size={14} />}
          value={search}
          onChange={(event) => {
            setSearch(event.currentTarget.value);
          }}
        />
        <SegmentedControl
          size="xs"
          aria-label="Horizontal axis"
          data={[
            { value: 'step', label: 'Step' },
            { value: 'relative', label: 'Time' },
            { value: 'wall', label: 'Clock' },
          ]}
          value={x}
          onChange={(next) => {
            setX(next as typeof x);
          }}
        />
        <Smoothing value={smoothing} set={setSmoothing} />
        <Switch
          size="xs"
          label="Log"
          checked={log}
          onChange={(event) => {
            setLog(event.currentTarget.checked);
          }}
        />
      </Group>
      {known.loading && known.keys.size === 0 && <SkeletonRows rows={6} height={60} />}
      {!known.loading && shown.length === 0 && (
        <EmptyState title={search ? 'No metric of that name' : 'No metric yet'} icon={IconChartLine}>
          {!search && 'Whatever a run logs as a number is drawn here while it runs.'}
        </EmptyState>
      )}
      {shown.map(({ name, keys: inside }) => (
        <Section key={name} name={name} count={inside.length} alone={shown.length === 1}>
          {inside.map((key) => (
            <Panel key={key} metric={key} project={project} runs={known.having(key)} settings={settings} />
          ))}
        </Section>
      ))}
    </Stack>
  );
}

/** Dragging redraws at once; the address follows when the hand lets go. */
function Smoothing({ value, set }: { value: number; set: (value: number) => void }) {
  const [dragged, setDragged] = useState<number | null>(null);
  const shown = dragged ?? value;
  return (
    <Group gap={8} wrap="nowrap">
      <Text size="xs" c="dimmed" id="smoothing">
        Smoothing
      </Text>
      <Slider
        w={110}
        size="xs"
        min={0}
        max={0.99}
        step={0.01}
        label={null}
        thumbLabel="Smoothing"
        value={shown}
        onChange={setDragged}
        onChangeEnd={(next) => {
          setDragged(null);
          set(next);
        }}
      />
      <Text size="xs" w={28}>
        {shown.toFixed(2)}
      </Text>
    </Group>
  );
}

interface SectionProps {
  name: string;
  count: number;
  alone: boolean;
  children: React.ReactNode;
}

function Section({ name, count, alone, children }: SectionProps) {
  const [open, setOpen] = useState(true);
  const Chevron = open ? IconChevronDown : IconChevronRight;
  return (
    <section aria-label={name}>
      {!alone && (
        <UnstyledButton
          className={classes['section']}
          aria-expanded={open}
          onClick={() => {
            setOpen(!open);
          }}
        >
          <Chevron size={14} aria-hidden />
          {name}
          <Text span size="xs" c="dimmed">
            {count}
          </Text>
        </UnstyledButton>
      )}
      {open && <div className={classes['panels']}>{children}</div>}
    </section>
  );
}

/** Which metrics there are, and which of the runs have each. The list may have left them out, so they are asked for. */
function useMetricKeys(project: string, runs: readonly Run[]) {
  const answers = useQueries({ queries: runs.map(({ id }) => queries.series(project, id)) });
  const keys = new Map<string, Set<string>>();
  answers.forEach(({ data }, index) => {
    for (const { key } of data?.items ?? []) {
      const having = keys.get(key) ?? new Set();
      having.add(runs[index]?.id ?? '');
      keys.set(key, having);
    }
  });
  return {
    keys: new Set(keys.keys()),
    loading: answers.some(({ isPending }) => isPending),
    having: (key: string) => runs.filter(({ id }) => keys.get(key)?.has(id)),
  };
}
