import { SegmentedControl, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { number, useUrlState } from '@/frame/url-state';
import { formatDuration, formatNumber } from '@/ui/format';
import { Loaded } from '@/ui/states';
import classes from './deployments.module.css';
import { minutesOf } from './minutes';
import { deployments, type Traffic } from './queries';
import { TrafficChart } from './traffic-chart';

const MINUTES = number(60);
const SPANS = [
  { value: '15', label: '15 min' },
  { value: '60', label: '1 h' },
  { value: '1440', label: '1 day' },
];
const HEIGHT = 210;

export function TrafficPanel({ project, deployment }: { project: string; deployment: string }) {
  const [minutes, setMinutes] = useUrlState('minutes', MINUTES);
  const query = useQuery(deployments.traffic(project, deployment, minutes));
  return (
    <section className={classes['panel']} aria-label="Requests" style={{ minHeight: HEIGHT }}>
      <div className={classes['cardHead']}>
        <h2>Requests</h2>
        <SegmentedControl
          size="xs"
          aria-label="Time shown"
          data={SPANS}
          value={minutes.toString()}
          onChange={(value) => {
            setMinutes(Number(value));
          }}
        />
      </div>
      <Loaded query={query} skeleton={<Skeleton height={HEIGHT - 60} />}>
        {(traffic) => (
          <>
            <Figures traffic={traffic} />
            <TrafficChart minutes={minutesOf(traffic, new Date())} />
          </>
        )}
      </Loaded>
    </section>
  );
}

function Figures({ traffic }: { traffic: Traffic }) {
  const wrong = traffic.count > 0 ? (traffic.failed / traffic.count) * 100 : 0;
  return (
    <dl className={classes['figures']}>
      <Figure
        label="Rate"
        value={`${formatNumber(traffic.per_second, 3)}/s`}
        note={`${formatNumber(traffic.count)} in all`}
      />
      <Figure label="Latency, half below" value={time(traffic.p50_ms)} note={`mean ${time(traffic.mean_ms)}`} />
      <Figure label="95 of 100 below" value={time(traffic.p95_ms)} note={`99: ${time(traffic.p99_ms)}`} />
      <Figure
        label="Failed"
        value={`${formatNumber(wrong, 2)} %`}
        note={`${formatNumber(traffic.failed)} failed, ${formatNumber(traffic.refused)} refused`}
        bad={traffic.failed > 0}
      />
    </dl>
  );
}

function time(ms: number | null): string {
  return ms === null ? '–' : ms < 1000 ? `${formatNumber(ms, 3)} ms` : formatDuration(ms / 1000);
}

interface FigureProps {
  label: string;
  value: string;
  note: string;
  bad?: boolean;
}

function Figure({ label, value, note, bad = false }: FigureProps) {
  return (
    <div>
      <dt>{label}</dt>
      <dd data-bad={bad || undefined}>{value}</dd>
      <dd>{note}</dd>
    </div>
  );
}
