import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useRefresh } from '@/api/refresh';
import { StatusPill } from '@/ui/status';
import { RelativeTime } from '@/ui/values';
import classes from './revisions.module.css';
import { DEPLOYMENTS, deployments, type Deployment, type Revision } from './queries';

interface RevisionsProps {
  revisions: readonly Revision[];
  deployment: Deployment;
  project: string;
  mayWrite: boolean;
}

/** The newest first. An earlier one is served again as a revision of its own, so that history only grows. */
export function Revisions({ revisions, deployment, project, mayWrite }: RevisionsProps) {
  const refresh = useRefresh(DEPLOYMENTS);
  const again = useMutation({
    mutationFn: ({ model, resources }: Revision) => deployments.revise(project, deployment.name, { model, resources }),
    onSuccess: refresh,
  });
  return (
    <ol className={classes['list']}>
      {revisions.map((revision) => (
        <li key={revision.number} className={classes['revision']}>
          <span className={classes['number']}>{revision.number}</span>
          <span className={classes['model']}>{revision.model}</span>
          <StatusPill status={revision.status} reason={revision.reason} />
          <span className={classes['when']}>
            <RelativeTime at={revision.created_at} /> by {revision.created_by}
          </span>
          {mayWrite && mayServeAgain(revision, deployment) && (
            <Button
              variant="default"
              size="compact-xs"
              loading={again.isPending && again.variables.number === revision.number}
              onClick={() => {
                again.mutate(revision);
              }}
              aria-label={`Serve ${revision.model} of revision ${revision.number.toString()} again`}
            >
              Serve again
            </Button>
          )}
          {revision.reason && <p className={classes['reason']}>{revision.reason}</p>}
        </li>
      ))}
    </ol>
  );
}

function mayServeAgain({ number, status }: Revision, { live, target }: Deployment): boolean {
  return number !== live && number !== target && status === 'retired';
}
