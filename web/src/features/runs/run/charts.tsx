import { useMemo } from 'react';
import { ChartWall } from '../wall/wall';
import { useRun } from './context';

export default function ChartsTab() {
  const { run, project } = useRun();
  const runs = useMemo(() => [run], [run]);
  return <ChartWall project={project} runs={runs} />;
}
