import { VisuallyHidden } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { projectPath } from '@/frame/project';
import { JsonView } from '@/ui/code';
import { RelativeTime } from '@/ui/values';
import classes from './activity.module.css';
import type { TrailEvent } from './queries';
import { sentence } from './sentence';

interface EventRowProps {
  event: TrailEvent;
  /** Name of its project; null when it belongs to none, or is gone. */
  project: string | null;
  showProject: boolean;
}

export function EventRow({ event, project, showProject }: EventRowProps) {
  const [open, setOpen] = useState(false);
  const { who, did, thing, more, path } = sentence(event);
  return (
    <li className={classes['event']}>
      <span className={classes['words']}>
        {who !== null && <b>{who} </b>}
        {did}{' '}
        {path !== null && project !== null ? (
          <Link to={projectPath(project, path)} className="link">
            {thing}
          </Link>
        ) : (
          <span className={classes['thing']}>{thing}</span>
        )}
        {more && <span className={classes['more']}> {more}</span>}
        {showProject && project !== null && (
          <span className={classes['more']}>
            {' '}
            in{' '}
            <Link to={projectPath(project)} className="quiet-link">
              {project}
            </Link>
          </span>
        )}
      </span>
      <button
        type="button"
        className={classes['when']}
        aria-expanded={open}
        onClick={() => {
          setOpen(!open);
        }}
      >
        <RelativeTime at={event.at} />
        <VisuallyHidden>, details of event {event.seq}</VisuallyHidden>
      </button>
      {open && (
        <div className={classes['detail']}>
          <JsonView
            value={{ ...event.detail, place: event.seq, id: event.thing, verb: event.verb, hash: event.hash }}
          />
        </div>
      )}
    </li>
  );
}
