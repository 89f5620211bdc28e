import { useMemo } from 'react';
import { ChartWall } from '../wall/wall';
import { useRun } from './context';

const isSystem = (key: string) => key.startsWith('system/');

export default function SystemTab() {
  const { run, project } = useRun();
  const runs = useMemo(() => [run], [run]);
  return <ChartWall project={project} runs={runs} keys={isSystem} />;
}
