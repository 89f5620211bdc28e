/**
 * Rows of any number: only those on screen exist as elements. Columns are plain data; what is shown, sorted and
 * selected belongs to the page (which keeps it in the address), widths are remembered per table in the browser.
 */
import { useLocalStorage } from '@mantine/hooks';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { SkeletonRows } from '../states';
import { Header } from './header';
import type { Sort } from './sort';
import classes from './table.module.css';
import { TableRow } from './table-row';

export interface Column<T> {
  id: string;
  label: string;
  cell: (row: T) => ReactNode;
  /** What the column chooser lists it under. */
  group?: string;
  width?: number;
  align?: 'left' | 'right';
  sortable?: boolean;
  /** Given where the page sorts in the browser; the API sorts by `id` otherwise. */
  value?: (row: T) => string | number | null | undefined;
}

export interface Selection {
  ids: ReadonlySet<string>;
  set: (ids: ReadonlySet<string>) => void;
}

interface DataTableProps<T> {
  /** Under this name the widths are remembered. */
  name: string;
  label: string;
  columns: readonly Column<T>[];
  rows: readonly T[];
  rowId: (row: T) => string;
  /** Enter or a click on the row. */
  open?: (row: T) => void;
  sort?: readonly Sort[];
  setSort?: (sort: Sort[]) => void;
  selection?: Selection;
  /** The rows that the rest of the page is about. */
  marked?: ReadonlySet<string>;
  /** Called near the end of what is loaded. */
  more?: () => void;
  loading?: boolean;
  empty?: ReactNode;
  rowHeight?: number;
  /** As high as its rows instead of filling the page. */
  inline?: boolean;
}

const DEFAULT_WIDTH = 140;
const CHECK_WIDTH = 36;
const NEAR_END = 30;

export function DataTable<T>(props: DataTableProps<T>) {
  const { name, label, columns, rows, rowId, open, sort = [], setSort, selection } = props;
  const { marked, more, loading = false, empty, rowHeight = 36, inline = false } = props;
  const [widths, setWidths] = useLocalStorage<Record<string, number>>({
    key: `wardian-widths-${name}`,
    defaultValue: {},
  });
  const [active, setActive] = useState(0);
  const viewport = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => viewport.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (more && rows.length > 0 && last >= rows.length - NEAR_END) more();
  }, [more, last, rows.length]);

  const template = useMemo(() => {
    const sizes = columns.map((column) => `${(widths[column.id] ?? column.width ?? DEFAULT_WIDTH).toString()}px`);
    return [...(selection ? [`${CHECK_WIDTH.toString()}px`] : []), ...sizes, 'minmax(0, 1fr)'].join(' ');
  }, [columns, widths, selection]);

  const moveTo = (index: number) => {
    const next = Math.max(0, Math.min(rows.length - 1, index));
    setActive(next);
    virtual.scrollToIndex(next);
    requestAnimationFrame(() =>
      viewport.current?.querySelector<HTMLElement>(`[data-index="${next.toString()}"]`)?.focus(),
    );
  };
  const toggle = useToggle(selection, rows, rowId);

  return (
    <div
      ref={viewport}
      className={classes['viewport']}
      data-inline={inline || undefined}
      style={{ '--columns': template, '--row-height': `${rowHeight.toString()}px` } as React.CSSProperties}
      tabIndex={rows.length === 0 ? 0 : -1}
    >
      <div role="table" aria-label={label} aria-rowcount={rows.length + 1} className={classes['table']}>
        <Header
          columns={columns}
          sort={sort}
          setSort={setSort}
          widthOf={(column) => widths[column.id] ?? column.width ?? DEFAULT_WIDTH}
          setWidth={(id, width) => {
            setWidths((before) => ({ ...before, [id]: width }));
          }}
          selected={selection && allOf(selection, rows.length)}
          selectAll={(all) => selection?.set(new Set(all ? rows.map(rowId) : []))}
        />
        <div role="rowgroup" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {items.map((item) => {
            const row = rows[item.index];
            if (row === undefined) return null;
            const id = rowId(row);
            return (
              <TableRow
                key={id}
                row={row}
                index={item.index}
                top={item.start}
                columns={columns}
                focusable={item.index === Math.min(active, rows.length - 1)}
                selected={selection ? selection.ids.has(id) : undefined}
                marked={marked?.has(id) ?? false}
                toggle={toggle}
                open={open}
                moveTo={moveTo}
              />
            );
          })}
        </div>
      </div>
      {loading && <SkeletonRows rows={rows.length === 0 ? 12 : 2} height={rowHeight} />}
      {!loading && rows.length === 0 && empty}
    </div>
  );
}

function allOf(selection: Selection, count: number): boolean | 'some' {
  if (selection.ids.size === 0) return false;
  return selection.ids.size >= count ? true : 'some';
}

/** Selects one row, or with shift all from the row toggled before. */
function useToggle<T>(selection: Selection | undefined, rows: readonly T[], rowId: (row: T) => string) {
  const anchor = useRef(0);
  return (index: number, range: boolean) => {
    if (!selection) return;
    const row = rows[index];
    if (row === undefined) return;
    const ids = new Set(selection.ids);
    const wanted = !ids.has(rowId(row));
    const from = range ? Math.min(anchor.current, index) : index;
    const to = range ? Math.max(anchor.current, index) : index;
    for (const each of rows.slice(from, to + 1)) {
      if (wanted) ids.add(rowId(each));
      else ids.delete(rowId(each));
    }
    anchor.current = index;
    selection.set(ids);
  };
}
