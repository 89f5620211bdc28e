import { useCallback } from 'react';
import { addressOf, client } from '@/api/client';
import { LogView } from '@/ui/log/log-view';
import { isLive } from '@/ui/status';
import type { Status } from './queries';

interface WorkloadLogProps {
  project: string;
  id: string;
  status: Status;
}

export function WorkloadLog({ project, id, status }: WorkloadLogProps) {
  const read = useCallback(
    async (start: number, limit: number) => {
      const { data } = await client.GET('/api/v1/projects/{project}/workloads/{workload_id}/log', {
        params: { path: { project, workload_id: id }, query: { start, limit } },
      });
      if (!data) throw new Error('The server sent no log.');
      return data;
    },
    [project, id],
  );
  const download = addressOf('/api/v1/projects/{project}/workloads/{id}/log/download', { project, id });
  return <LogView source={{ read, topic: isLive(status) ? `workload.${id}.log` : null, download }} />;
}
