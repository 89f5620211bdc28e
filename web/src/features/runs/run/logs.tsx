import { useCallback } from 'react';
import { client } from '@/api/client';
import { isLive } from '@/ui/status';
import { LogView } from '@/ui/log/log-view';
import { logAddress } from '../queries';
import { useRun } from './context';

export default function LogsTab() {
  const { run, project } = useRun();
  const { id: run_id, workload } = run;
  const read = useCallback(
    async (start: number, limit: number) => {
      const { data } = await client.GET('/api/v1/projects/{project}/runs/{run_id}/log', {
        params: { path: { project, run_id }, query: { start, limit } },
      });
      return data ?? { start, end: start, size: start, text: '' };
    },
    [project, run_id],
  );
  const topic = workload ? `workload.${workload}.log` : `run.${run_id}.log`;
  return <LogView source={{ read, topic: isLive(run.status) ? topic : null, download: logAddress(project, run_id) }} />;
}
