import { ActionIcon, Modal, Skeleton, Tooltip, useComputedColorScheme } from '@mantine/core';
import { useDisclosure, useIntersection } from '@mantine/hooks';
import { IconArrowsMaximize } from '@tabler/icons-react';
import { keepPreviousData, useQueries } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { Run } from '@/api/types';
import charts from '@/charts/charts.module.css';
import { colorOf } from '@/charts/colors';
import type { ChartSettings, Curve } from '@/charts/curve';
import { LineChart, type Range } from '@/charts/line-chart';
import { formatNumber, plural } from '@/ui/format';
import { runs as queries } from '../queries';

interface PanelProps {
  metric: string;
  project: string;
  runs: readonly Run[];
  settings: ChartSettings;
}

const HEIGHT = 200;
const PIXELS = 600;

/** One metric of some runs. Asks for its points when it comes near the screen, and for finer ones when zoomed. */
export function Panel({ metric, project, runs, settings }: PanelProps) {
  const { ref, entry } = useIntersection({ rootMargin: '200px' });
  const [seen, setSeen] = useState(false);
  if (entry?.isIntersecting && !seen) setSeen(true);
  const [large, { open, close }] = useDisclosure();
  return (
    <div ref={ref} className={charts['panel']}>
      <div className={charts['panelHead']}>
        <h2 className="truncate" title={metric}>
          {metric.split('/').slice(1).join('/') || metric}
        </h2>
        {runs.length === 1 && <LastValue run={runs[0]} metric={metric} />}
        <Tooltip label="Full screen">
          <ActionIcon size="sm" aria-label={`${metric}: full screen`} onClick={open}>
            <IconArrowsMaximize size={14} />
          </ActionIcon>
        </Tooltip>
      </div>
      <div className={charts['panelBody']} style={{ height: HEIGHT + 6 }}>
        {seen && <Chart metric={metric} project={project} runs={runs} settings={settings} height={HEIGHT} />}
      </div>
      <Modal opened={large} onClose={close} title={metric} fullScreen>
        <Chart
          metric={metric}
          project={project}
          runs={runs}
          settings={settings}
          height={Math.max(240, window.innerHeight - 120)}
        />
      </Modal>
    </div>
  );
}

function LastValue({ run, metric }: { run: Run | undefined; metric: string }) {
  const value = run?.metrics[metric]?.last;
  return value === undefined ? null : <span className={charts['panelNote']}>{formatNumber(value)}</span>;
}

function Chart({ metric, project, runs, settings, height }: PanelProps & { height: number }) {
  const dark = useComputedColorScheme('light') === 'dark';
  const [zoom, setZoom] = useState<Range | null>(null);
  const axis = settings.x === 'step' ? 'step' : 'time';
  const answers = useQueries({
    queries: runs.map((run) => ({
      ...queries.curve(project, run.id, metric, { pixels: PIXELS, x: axis, ...windowOf(zoom, settings, run) }),
      placeholderData: keepPreviousData,
    })),
    combine: (results) => results.map(({ data }) => data),
  });
  const curves = useMemo(
    () =>
      runs.flatMap((run, index): Curve[] => {
        const data = answers[index];
        if (!data) return [];
        const { step, time, value } = data;
        return [{ id: run.id, label: run.name, color: colorOf(run.id, dark), step, time, value, start: startOf(run) }];
      }),
    [runs, answers, dark],
  );
  if (curves.length === 0) return <Skeleton height={height} radius="sm" role="status" aria-label="Loading" />;
  const unusual = curves.flatMap(({ value }) => value).filter((value) => typeof value === 'string').length;
  return (
    <div style={{ position: 'relative' }}>
      <LineChart
        label={metric}
        curves={curves}
        settings={settings}
        height={height}
        sync="runs"
        onZoom={(range) => {
          setZoom(range);
        }}
      />
      {unusual > 0 && <span className={charts['unusual']}>{plural(unusual, 'point')} NaN or infinite</span>}
    </div>
  );
}

/** The part of the series that a zoom shows, in the server's words, with a margin so that lines reach the edges. */
function windowOf(zoom: Range | null, { x }: ChartSettings, run: Run): { start?: number; end?: number } {
  if (!zoom) return {};
  const margin = (zoom.max - zoom.min) * 0.05;
  const shift = x === 'relative' ? (startOf(run) ?? 0) : 0;
  const start = zoom.min - margin + shift;
  const end = zoom.max + margin + shift;
  return x === 'step' ? { start: Math.floor(start), end: Math.ceil(end) } : { start, end };
}

function startOf(run: Run): number | undefined {
  return run.started_at ? Date.parse(run.started_at) / 1000 : undefined;
}
