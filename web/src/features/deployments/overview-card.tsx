import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { projectPath, useProject } from '@/frame/project';
import { StatusPill } from '@/ui/status';
import classes from './deployments.module.css';
import { deployments } from './queries';

const SHOWN = 6;

/** What this project serves. Nothing at all while it serves nothing. */
export default function DeploymentsCard() {
  const project = useProject();
  const { data } = useQuery(deployments.list(project));
  const items = data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <section className={classes['card']} aria-label="Deployments">
      <div className={classes['cardHead']}>
        <h2>Deployments</h2>
        <Link to={projectPath(project, 'deployments')} className="link">
          All
        </Link>
      </div>
      <ul className={classes['rows']}>
        {items.slice(0, SHOWN).map(({ id, name, status, model, reason }) => (
          <li key={id}>
            <StatusPill status={status} reason={reason} />
            <Link to={projectPath(project, `deployments/${encodeURIComponent(name)}`)} className="quiet-link">
              {name}
            </Link>
            <Text size="xs" c="dimmed" component="span">
              {model}
            </Text>
          </li>
        ))}
      </ul>
    </section>
  );
}
