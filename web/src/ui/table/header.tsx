import { Checkbox } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import type { KeyboardEvent, PointerEvent } from 'react';
import type { Column } from './data-table';
import { nextSort, type Sort } from './sort';
import classes from './table.module.css';

interface HeaderProps<T> {
  columns: readonly Column<T>[];
  sort: readonly Sort[];
  setSort: ((sort: Sort[]) => void) | undefined;
  widthOf: (column: Column<T>) => number;
  setWidth: (id: string, width: number) => void;
  selected: boolean | 'some' | undefined;
  selectAll: (all: boolean) => void;
}

export function Header<T>({ columns, sort, setSort, widthOf, setWidth, selected, selectAll }: HeaderProps<T>) {
  return (
    <div role="rowgroup" className={classes['head']}>
      <div role="row" aria-rowindex={1} className={classes['headRow']}>
        {selected !== undefined && (
          <div role="columnheader" className={classes['check']}>
            <Checkbox
              size="xs"
              aria-label="Select all loaded rows"
              checked={selected === true}
              indeterminate={selected === 'some'}
              onChange={(event) => {
                selectAll(event.currentTarget.checked);
              }}
            />
          </div>
        )}
        {columns.map((column) => (
          <HeadCell
            key={column.id}
            column={column}
            sort={sort}
            setSort={column.sortable === false ? undefined : setSort}
            width={widthOf(column)}
            setWidth={(width) => {
              setWidth(column.id, width);
            }}
          />
        ))}
      </div>
    </div>
  );
}

interface HeadCellProps<T> {
  column: Column<T>;
  sort: readonly Sort[];
  setSort: ((sort: Sort[]) => void) | undefined;
  width: number;
  setWidth: (width: number) => void;
}

function HeadCell<T>({ column, sort, setSort, width, setWidth }: HeadCellProps<T>) {
  const place = sort.findIndex((each) => each.id === column.id);
  const now = sort[place];
  const direction = now && (now.descending ? 'descending' : 'ascending');
  return (
    <div role="columnheader" aria-sort={direction} className={classes['headCell']} data-align={column.align}>
      {setSort ? (
        <button
          type="button"
          className={classes['sort']}
          title={`${column.label}: click to sort, shift-click to sort by this too`}
          onClick={(event) => {
            setSort(nextSort(sort, column.id, event.shiftKey));
          }}
        >
          <span className="truncate">{column.label}</span>
          {now && (now.descending ? <IconArrowDown size={12} aria-hidden /> : <IconArrowUp size={12} aria-hidden />)}
          {now && sort.length > 1 && <sup>{place + 1}</sup>}
        </button>
      ) : (
        <span className="truncate">{column.label}</span>
      )}
      <Grip label={column.label} width={width} setWidth={setWidth} />
    </div>
  );
}

const MIN_WIDTH = 48;
const MAX_WIDTH = 800;
const STEP = 16;

function Grip({ label, width, setWidth }: { label: string; width: number; setWidth: (width: number) => void }) {
  const clamp = (next: number) => {
    setWidth(Math.round(Math.max(MIN_WIDTH, Math.min(MAX_WIDTH, next))));
  };
  const onPointerDown = (event: PointerEvent<HTMLElement>) => {
    const grip = event.currentTarget;
    const start = event.clientX;
    grip.setPointerCapture(event.pointerId);
    const move = (moved: globalThis.PointerEvent) => {
      clamp(width + moved.clientX - start);
    };
    grip.addEventListener('pointermove', move);
    grip.addEventListener(
      'lostpointercapture',
      () => {
        grip.removeEventListener('pointermove', move);
      },
      { once: true },
    );
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowLeft') clamp(width - STEP);
    if (event.key === 'ArrowRight') clamp(width + STEP);
  };
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- a focusable separator is a widget
    <div
      role="separator"
      aria-orientation="vertical"
      aria-label={`Width of ${label}`}
      aria-valuenow={width}
      aria-valuemin={MIN_WIDTH}
      aria-valuemax={MAX_WIDTH}
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- as above
      tabIndex={0}
      className={classes['grip']}
      onPointerDown={onPointerDown}
      onKeyDown={onKeyDown}
    />
  );
}
