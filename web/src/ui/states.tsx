/** What a page shows when there is nothing, when it waits, and when something went wrong. */
import { Alert, Button, Center, Code, Group, Skeleton, Stack, Text, Title } from '@mantine/core';
import { IconAlertTriangle, IconMoodEmpty, IconRefresh, type Icon } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { ApiError } from '@/api/errors';

interface EmptyProps {
  title: string;
  icon?: Icon;
  /** What would make this less empty. */
  children?: ReactNode;
  action?: ReactNode;
}

export function EmptyState({ title, icon: Glyph = IconMoodEmpty, children, action }: EmptyProps) {
  return (
    <Center mih={220} p="xl">
      <Stack align="center" gap="xs" maw={480} ta="center">
        <Glyph size={32} stroke={1.25} color="var(--text-faint)" aria-hidden />
        <Title order={2}>{title}</Title>
        {children && (
          <Text size="sm" c="dimmed" component="div">
            {children}
          </Text>
        )}
        {action && <Group mt="xs">{action}</Group>}
      </Stack>
    </Center>
  );
}

export function ErrorState({ error, retry }: { error: unknown; retry?: () => void }) {
  const known = error instanceof ApiError ? error : null;
  const message = error instanceof Error ? error.message : String(error);
  return (
    <Alert
      icon={<IconAlertTriangle size={18} />}
      color="red"
      variant="light"
      title={known?.status === 404 ? 'Not found' : 'This could not be shown'}
      role="alert"
    >
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{message}</Text>
        {known?.requestId && (
          <Text size="xs" c="dimmed">
            Request <Code>{known.requestId}</Code>
          </Text>
        )}
        {retry && (
          <Button variant="default" leftSection={<IconRefresh size={14} />} onClick={retry}>
            Try again
          </Button>
        )}
      </Stack>
    </Alert>
  );
}

/** Rows of the height that the real rows will have, so that nothing jumps when they arrive. */
export function SkeletonRows({ rows = 8, height = 36 }: { rows?: number; height?: number }) {
  return (
    <div role="status" aria-label="Loading" style={{ minHeight: rows * height }}>
      {Array.from({ length: rows }, (_, index) => (
        <div key={index} style={{ height, display: 'flex', alignItems: 'center', padding: '0 12px' }}>
          <Skeleton height={10} width={`${(55 + ((index * 37) % 40)).toString()}%`} radius="sm" />
        </div>
      ))}
    </div>
  );
}

interface QueryLike<T> {
  data: T | undefined;
  error: unknown;
  isPending: boolean;
  refetch: () => unknown;
}

interface LoadedProps<T> {
  query: QueryLike<T>;
  skeleton?: ReactNode;
  children: (data: T) => ReactNode;
}

/** The three faces of a query: waiting, failed, there. Data that is there stays on screen while it is refreshed. */
export function Loaded<T>({ query, skeleton, children }: LoadedProps<T>) {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.error) return <ErrorState error={query.error} retry={() => void query.refetch()} />;
  return <>{skeleton ?? <SkeletonRows />}</>;
}
