import { useInfiniteQuery } from '@tanstack/react-query';
import { Button, Stack, Text } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { client } from '@/api/client';
import { EmptyState, Loaded } from '@/ui/states';
import { RelativeTime } from '@/ui/values';
import { useRun } from './context';
import classes from './run.module.css';

/** What people and programs did to this run. */
export default function ActivityTab() {
  const { run, project } = useRun();
  const query = useInfiniteQuery({
    queryKey: ['get', '/api/v1/events', { project, thing: run.id, status: run.status }],
    queryFn: async ({ pageParam }) => {
      const cursor = pageParam === null ? {} : { cursor: pageParam };
      const { data } = await client.GET('/api/v1/events', {
        params: { query: { project, thing: run.id, limit: 100, ...cursor } },
      });
      return data ?? { items: [], next: null };
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next ?? null,
  });
  return (
    <Loaded query={query}>
      {({ pages }) => {
        const events = pages.flatMap(({ items }) => items);
        if (events.length === 0) return <EmptyState title="Nothing happened yet" icon={IconHistory} />;
        return (
          <Stack gap="sm" maw={900}>
            <div className={classes['block']}>
              <table className={classes['table']}>
                <tbody>
                  {events.map((event) => (
                    <tr key={event.id}>
                      <td style={{ width: 140 }}>
                        <Text span size="sm" c="dimmed">
                          <RelativeTime at={event.at} />
                        </Text>
                      </td>
                      <td>
                        <b>{event.actor_name}</b> {wordsOf(event.verb)}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
            {query.hasNextPage && (
              <Button variant="subtle" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                Earlier
              </Button>
            )}
          </Stack>
        );
      }}
    </Loaded>
  );
}

/** "run.stop-requested" → "stop requested". */
function wordsOf(verb: string): string {
  return (verb.split('.')[1] ?? verb).replaceAll('-', ' ');
}
