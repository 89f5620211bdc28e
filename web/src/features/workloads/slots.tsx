/** What each machine has to give, and how much of it is given out. */
import { Code, SimpleGrid, Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { formatBytes, formatNumber, plural } from '@/ui/format';
import { Loaded } from '@/ui/states';
import { workloads, type Executor } from './queries';
import classes from './workloads.module.css';

const CARD_HEIGHT = 76;

export function Slots() {
  const query = useQuery(workloads.executors());
  return (
    <Loaded query={query} skeleton={<Skeleton height={CARD_HEIGHT} radius="lg" mb="md" />}>
      {(executors) =>
        executors.length === 0 ? (
          <Text size="sm" c="dimmed" mb="md">
            Nothing runs workloads at the moment: they wait until an executor answers. <Code>wardian doctor</Code> says
            why.
          </Text>
        ) : (
          <SimpleGrid cols={{ base: 1, md: Math.min(executors.length, 2) }} spacing="sm" mb="md">
            {executors.map((executor) => (
              <ExecutorCard key={executor.place} executor={executor} />
            ))}
          </SimpleGrid>
        )
      }
    </Loaded>
  );
}

function ExecutorCard({ executor: { place, kind, capacity, used, workloads: count } }: { executor: Executor }) {
  const gpus = capacity.gpus?.length ?? 0;
  return (
    <section className={classes['executor']} aria-label={`Executor ${place}`} style={{ minHeight: CARD_HEIGHT }}>
      <header className={classes['executorHead']}>
        <Text fw={550} size="sm" className="truncate" title={place}>
          {place}
        </Text>
        <Text size="xs" c="dimmed" style={{ whiteSpace: 'nowrap' }}>
          {kind} · {plural(count, 'workload')}
        </Text>
      </header>
      <div className={classes['slots']}>
        <SlotBar
          label="CPU"
          used={used.cpu}
          whole={capacity.cpu}
          show={(value) => formatNumber(value, 3)}
          unit="cores"
        />
        <SlotBar label="Memory" used={used.memory} whole={capacity.memory} show={formatBytes} />
        <SlotBar label="GPU" used={used.gpu} whole={gpus} show={(value) => value.toString()} unit={capacity.gpu_kind} />
      </div>
    </section>
  );
}

interface SlotBarProps {
  label: string;
  used: number;
  whole: number;
  show: (value: number) => string;
  unit?: string;
}

const FULL = 0.999;

function SlotBar({ label, used, whole, show, unit = '' }: SlotBarProps) {
  const share = whole > 0 ? Math.min(1, used / whole) : 0;
  const words = whole > 0 ? `${show(used)} of ${show(whole)} ${unit}`.trim() : 'none';
  return (
    <div className={classes['slot']}>
      <span>{label}</span>
      <div
        className={classes['track']}
        role="meter"
        aria-label={label}
        aria-valuenow={Math.round(share * 100)}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuetext={words}
      >
        <div
          className={classes['filled']}
          data-full={share > FULL || undefined}
          style={{ width: `${(share * 100).toString()}%` }}
        />
      </div>
      <span className={classes['amount']}>{words}</span>
    </div>
  );
}
