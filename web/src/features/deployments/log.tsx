import { useQuery } from '@tanstack/react-query';
import { EmptyState, Loaded } from '@/ui/states';
import { WorkloadLog } from '../workloads/log';
import { workloads } from '../workloads/queries';
import type { Deployment } from './queries';

/** What the model server writes. */
export function DeploymentLog({ deployment, project }: { deployment: Deployment; project: string }) {
  const id = deployment.workload ?? null;
  const query = useQuery({ ...workloads.one(project, id ?? ''), enabled: id !== null });
  if (id === null) return <EmptyState title="No model server has been started yet" />;
  return (
    <Loaded query={query}>{({ status }) => <WorkloadLog key={id} project={project} id={id} status={status} />}</Loaded>
  );
}
