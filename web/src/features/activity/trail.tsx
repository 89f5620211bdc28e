import { Button, Group, Select, Skeleton, TextInput } from '@mantine/core';
import { IconHistory, IconSearch } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, useRef } from 'react';
import { useTrail } from '@/frame/context';
import { projects } from '@/frame/project';
import { text, useUrlState } from '@/frame/url-state';
import { EmptyState, ErrorState } from '@/ui/states';
import classes from './activity.module.css';
import { EventRow } from './event-row';
import { EVENTS, people, useEvents, type TrailEvent } from './queries';

const FIELD = text();
const NOUNS = ['project', 'member', 'run', 'program', 'workload', 'model', 'deployment', 'user', 'key'];
const LOOK_AGAIN_MS = 800;

/** The audit trail in sentences. `project` null: of everything the user may see. */
export function Trail({ project }: { project: string | null }) {
  const [actor, setActor] = useUrlState('who', FIELD);
  const [noun, setNoun] = useUrlState('noun', FIELD);
  const [name, setName] = useUrlState('name', FIELD);
  const [within, setWithin] = useUrlState('project', FIELD);
  const where = { project: project ?? (within || null), actor, noun, verb: '', text: name };
  const { data, error, isPending, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = useEvents(where);
  const events = useMemo(() => data?.pages.flatMap((page) => page.items) ?? [], [data]);
  const nameOf = useProjectNames();
  useFreshEvents();
  return (
    <>
      <Group mb="md" gap="sm">
        <Who value={actor} set={setActor} />
        <Select
          size="xs"
          w={150}
          aria-label="Kind of thing"
          placeholder="Any thing"
          data={NOUNS}
          value={noun || null}
          onChange={(value) => {
            setNoun(value ?? '');
          }}
          clearable
        />
        {project === null && <Within value={within} set={setWithin} />}
        <TextInput
          size="xs"
          placeholder="Name contains"
          aria-label="Name of the thing contains"
          leftSection={<IconSearch size={14} />}
          value={name}
          onChange={(event) => {
            setName(event.currentTarget.value);
          }}
        />
      </Group>
      {error && events.length === 0 && <ErrorState error={error} retry={() => void refetch()} />}
      {isPending && <EventSkeleton />}
      {!isPending && !error && events.length === 0 && <NothingYet filtered={Boolean(actor || noun || name)} />}
      {byDay(events).map(([day, list]) => (
        <section key={day} aria-label={day}>
          <h2 className={classes['day']}>{day}</h2>
          <ol className={classes['list']}>
            {list.map((event) => (
              <EventRow key={event.id} event={event} project={nameOf(event.project)} showProject={project === null} />
            ))}
          </ol>
        </section>
      ))}
      {hasNextPage && (
        <Button variant="default" mt="sm" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          Show earlier
        </Button>
      )}
    </>
  );
}

/** Looks again a moment after something happened, once for many events. */
function useFreshEvents(): void {
  const queries = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useTrail(() => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      void queries.invalidateQueries({ queryKey: ['get', EVENTS] });
    }, LOOK_AGAIN_MS);
  });
}

function useProjectNames(): (id: string | null | undefined) => string | null {
  const { data } = useQuery(projects.list());
  return useMemo(() => {
    const names = new Map(data?.items.map(({ id, name }) => [id, name]));
    return (id) => (id == null ? null : (names.get(id) ?? null));
  }, [data]);
}

interface FieldProps {
  value: string;
  set: (value: string) => void;
}

function Who({ value, set }: FieldProps) {
  const { data } = useQuery(people.list());
  const known = (data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }));
  return (
    <Select
      size="xs"
      w={160}
      aria-label="Who"
      placeholder="Anybody"
      data={[...known, { value: 'system', label: 'the platform itself' }]}
      value={value || null}
      onChange={(chosen) => {
        set(chosen ?? '');
      }}
      searchable
      clearable
    />
  );
}

function Within({ value, set }: FieldProps) {
  const { data } = useQuery(projects.list());
  return (
    <Select
      size="xs"
      w={160}
      aria-label="Project"
      placeholder="Any project"
      data={(data?.items ?? []).map(({ name }) => name)}
      value={value || null}
      onChange={(chosen) => {
        set(chosen ?? '');
      }}
      searchable
      clearable
    />
  );
}

function NothingYet({ filtered }: { filtered: boolean }) {
  return filtered ? (
    <EmptyState title="Nothing like that happened">Take a filter away to see more.</EmptyState>
  ) : (
    <EmptyState title="Nothing happened yet" icon={IconHistory}>
      Who did what to which thing is written down here, and can be neither changed nor deleted.
    </EmptyState>
  );
}

const SKELETON_ROWS = 14;

function EventSkeleton() {
  return (
    <div role="status" aria-label="Loading" className={classes['skeleton']}>
      {Array.from({ length: SKELETON_ROWS }, (_, index) => (
        <Skeleton key={index} height={12} width={`${(40 + ((index * 23) % 35)).toString()}%`} />
      ))}
    </div>
  );
}

/** Days as people call them, each with its events, in the order given. */
function byDay(events: readonly TrailEvent[]): [string, TrailEvent[]][] {
  return [...Map.groupBy(events, ({ at }) => dayOf(new Date(at)))];
}

function dayOf(date: Date): string {
  const today = new Date();
  if (date.toDateString() === today.toDateString()) return 'Today';
  return date.toLocaleDateString('en-GB', { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
}
