/** A log of any length: only the lines on screen exist as elements. */
import { ActionIcon, Button, Group, Text, TextInput, Tooltip } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconBug, IconDownload, IconSearch, IconTextWrap } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef, useState } from 'react';
import { formatBytes } from '../format';
import { EmptyState, ErrorState, SkeletonRows } from '../states';
import { plainText } from './ansi';
import { linesOf, nextTrouble } from './buffer';
import { Line } from './line';
import classes from './log.module.css';
import { useLog, type LogSource } from './use-log';

const LINE_HEIGHT = 19;

export function LogView({ source, empty = 'Nothing was written yet' }: { source: LogSource; empty?: string }) {
  const { buffer, loaded, error, earlier } = useLog(source);
  const lines = useMemo(() => linesOf(buffer), [buffer]);
  const texts = useMemo(() => lines.map(plainText), [lines]);
  const [search, setSearch] = useState('');
  const [wrap, setWrap] = useState(true);
  const [follow, setFollow] = useState(true);
  const [current, setCurrent] = useState(-1);
  const viewport = useRef<HTMLDivElement>(null);
  const hits = useMemo(() => found(texts, search), [texts, search]);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => viewport.current,
    estimateSize: () => LINE_HEIGHT,
    overscan: 20,
  });

  // Wrapped lines are measured when they come into view, so the end moves while one scrolls to it.
  const height = virtual.getTotalSize();
  useEffect(() => {
    if (follow) viewport.current?.scrollTo({ top: viewport.current.scrollHeight });
  }, [follow, height]);

  const show = (index: number) => {
    if (index < 0) return;
    setFollow(false);
    setCurrent(index);
    virtual.scrollToIndex(index, { align: 'center' });
  };
  const step = (direction: 1 | -1) => {
    const later = direction === 1 ? hits.find((hit) => hit > current) : hits.findLast((hit) => hit < current);
    show(later ?? (direction === 1 ? hits[0] : hits.at(-1)) ?? -1);
  };

  if (error && !loaded) return <ErrorState error={error} />;
  return (
    <div className={classes['log']}>
      <Group className={classes['tools']} gap="xs" wrap="nowrap">
        <TextInput
          size="xs"
          placeholder="Search the log"
          aria-label="Search the log"
          leftSection={<IconSearch size={14} />}
          value={search}
          onChange={(event) => {
            setSearch(event.currentTarget.value);
            setCurrent(-1);
          }}
          onKeyDown={(event) => {
            if (event.key === 'Enter') step(event.shiftKey ? -1 : 1);
          }}
        />
        {search && (
          <>
            <Text size="xs" c="dimmed" aria-live="polite" style={{ whiteSpace: 'nowrap' }}>
              {hits.length.toLocaleString('en-US')} {hits.length === 1 ? 'line' : 'lines'}
            </Text>
            <Tool
              label="Match before"
              icon={IconArrowUp}
              onClick={() => {
                step(-1);
              }}
            />
            <Tool
              label="Next match"
              icon={IconArrowDown}
              onClick={() => {
                step(1);
              }}
            />
          </>
        )}
        <div style={{ flex: 1 }} />
        <Text size="xs" c="dimmed" visibleFrom="sm" style={{ whiteSpace: 'nowrap' }}>
          {formatBytes(buffer.size)}
        </Text>
        <Tool
          label="Jump to the next error"
          icon={IconBug}
          onClick={() => {
            show(nextTrouble(texts, current));
          }}
        />
        <Tool
          label="Wrap long lines"
          icon={IconTextWrap}
          pressed={wrap}
          onClick={() => {
            setWrap(!wrap);
          }}
        />
        <Button
          variant={follow ? 'light' : 'default'}
          aria-pressed={follow}
          leftSection={<IconArrowDown size={14} />}
          onClick={() => {
            setFollow(!follow);
          }}
        >
          Follow
        </Button>
        <Tooltip label="Download the whole log">
          <ActionIcon component="a" href={source.download} download aria-label="Download the whole log">
            <IconDownload size={16} />
          </ActionIcon>
        </Tooltip>
      </Group>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- only notices that one scrolls up */}
      <div
        ref={viewport}
        className={classes['viewport']}
        role="log"
        aria-label="Log"
        aria-live="off"
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- scrolled by keyboard
        tabIndex={0}
        onWheel={(event) => {
          if (event.deltaY < 0) setFollow(false);
        }}
        onKeyDown={(event) => {
          if (['ArrowUp', 'PageUp', 'Home'].includes(event.key)) setFollow(false);
          if (event.key === 'End') setFollow(true);
        }}
      >
        {!loaded && <SkeletonRows rows={12} height={LINE_HEIGHT} />}
        {loaded && lines.length === 0 && <EmptyState title={empty} />}
        {buffer.start > 0 && (
          <Button variant="subtle" fullWidth onClick={() => void earlier()}>
            Show earlier lines ({formatBytes(buffer.start)} more)
          </Button>
        )}
        <div style={{ height, position: 'relative', minWidth: wrap ? undefined : 'max-content' }}>
          {virtual.getVirtualItems().map((item) => (
            <div
              key={item.key}
              ref={virtual.measureElement}
              data-index={item.index}
              className={classes['row']}
              data-wrap={wrap || undefined}
              data-current={item.index === current || undefined}
              style={{ transform: `translateY(${item.start.toString()}px)` }}
            >
              {buffer.start === 0 && <span className={classes['number']}>{item.index + 1}</span>}
              <Line line={lines[item.index] ?? ''} search={search} />
            </div>
          ))}
        </div>
      </div>
    </div>
  );
}

interface ToolProps {
  label: string;
  icon: typeof IconBug;
  pressed?: boolean;
  onClick: () => void;
}

function Tool({ label, icon: Glyph, pressed, onClick }: ToolProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon aria-label={label} aria-pressed={pressed} variant={pressed ? 'light' : 'subtle'} onClick={onClick}>
        <Glyph size={16} />
      </ActionIcon>
    </Tooltip>
  );
}

function found(texts: readonly string[], search: string): number[] {
  if (!search) return [];
  const wanted = search.toLowerCase();
  return texts.flatMap((text, index) => (text.toLowerCase().includes(wanted) ? [index] : []));
}
