import { SimpleGrid } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { projectPath } from '@/frame/project';
import { FactSheet } from '@/ui/fact-sheet';
import { Loaded, SkeletonRows } from '@/ui/states';
import { Fact, RelativeTime } from '@/ui/values';
import { wanted } from '../workloads/words';
import classes from './deployments.module.css';
import { deployments, modelOf, type Deployment, type Revision } from './queries';
import { Revisions } from './revisions';
import { ServedWhen } from './served-when';
import { TrafficPanel } from './traffic';

interface OverviewProps {
  deployment: Deployment;
  project: string;
  mayWrite: boolean;
}

export function Overview({ deployment, project, mayWrite }: OverviewProps) {
  const query = useQuery(deployments.revisions(project, deployment.name));
  const live = query.data?.items.find(({ number }) => number === deployment.live);
  return (
    <>
      <Facts deployment={deployment} project={project} live={live} />
      <TrafficPanel project={project} deployment={deployment.name} />
      <Loaded query={query} skeleton={<SkeletonRows rows={5} />}>
        {({ items }) => (
          <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md">
            <section className={classes['panel']} aria-label="Revisions">
              <div className={classes['cardHead']}>
                <h2>Revisions</h2>
              </div>
              <Revisions revisions={items} deployment={deployment} project={project} mayWrite={mayWrite} />
            </section>
            <section className={classes['panel']} aria-label="What served when">
              <div className={classes['cardHead']}>
                <h2>What served when</h2>
              </div>
              <ServedWhen project={project} id={deployment.id} revisions={items} />
            </section>
          </SimpleGrid>
        )}
      </Loaded>
    </>
  );
}

interface FactsProps {
  deployment: Deployment;
  project: string;
  live: Revision | undefined;
}

function Facts({ deployment, project, live }: FactsProps) {
  const { model, version } = modelOf(deployment.model);
  return (
    <FactSheet>
      <Fact label="Serves">
        <Link
          to={projectPath(project, `models/${encodeURIComponent(model)}`)}
          search={{ version } as never}
          className="link"
        >
          {deployment.model}
        </Link>
      </Fact>
      <Fact label="Revision">{deployment.live ?? '–'}</Fact>
      <Fact label="Answers since">
        <RelativeTime at={live?.ready_at} />
      </Fact>
      <Fact label="Slots">{live ? wanted(live.resources) : '–'}</Fact>
      <Fact label="Deployed">
        <RelativeTime at={deployment.created_at} /> by {deployment.created_by}
      </Fact>
      {deployment.workload && (
        <Fact label="Model server">
          <Link to={projectPath(project, `queue/${deployment.workload}`)} className="link">
            workload {deployment.workload.slice(-8)}
          </Link>
        </Fact>
      )}
    </FactSheet>
  );
}
