/** Small things that show one value: a time, a size, a duration, an id to copy. */
import { ActionIcon, CopyButton as MantineCopy, Text, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { formatBytes, formatDuration, formatExact, formatRelative, shortId } from './format';
import { useNow } from './now';

export function RelativeTime({ at }: { at: string | null | undefined }) {
  const now = useNow();
  if (!at) return <>–</>;
  const date = new Date(at);
  return (
    <Tooltip label={formatExact(date)}>
      <time dateTime={at}>{formatRelative(date, now)}</time>
    </Tooltip>
  );
}

export function Bytes({ value }: { value: number | null | undefined }) {
  return <span title={value == null ? undefined : `${value.toLocaleString('en-US')} bytes`}>{formatBytes(value)}</span>;
}

/** From start to end; counts on while there is no end. */
export function Duration({ from, to }: { from: string | null | undefined; to: string | null | undefined }) {
  const now = useNow();
  if (!from) return <>–</>;
  const end = to ? new Date(to) : now;
  const seconds = (end.getTime() - new Date(from).getTime()) / 1000;
  return <>{formatDuration(to ? seconds : Math.round(seconds))}</>;
}

export function CopyButton({ value, label = 'Copy' }: { value: string; label?: string }) {
  return (
    <MantineCopy value={value} timeout={1500}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? 'Copied' : label}>
          <ActionIcon onClick={copy} aria-label={copied ? 'Copied' : label} color={copied ? 'fern' : 'gray'} size="sm">
            {copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
          </ActionIcon>
        </Tooltip>
      )}
    </MantineCopy>
  );
}

export function CopyableId({ id, label }: { id: string; label?: string }) {
  return (
    <span style={{ display: 'inline-flex', alignItems: 'center', gap: 2 }}>
      <span className="mono" title={id}>
        {shortId(id)}
      </span>
      <CopyButton value={id} label={label ?? 'Copy the id'} />
    </span>
  );
}

/** Label above value, as the summary rows of a page show them. */
export function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div style={{ minWidth: 0 }}>
      <Text size="xs" c="dimmed" component="dt">
        {label}
      </Text>
      <Text size="sm" component="dd" m={0} className="truncate">
        {children}
      </Text>
    </div>
  );
}
