import { Checkbox } from '@mantine/core';
import type { KeyboardEvent, MouseEvent } from 'react';
import type { Column } from './data-table';
import classes from './table.module.css';

interface TableRowProps<T> {
  row: T;
  index: number;
  top: number;
  columns: readonly Column<T>[];
  focusable: boolean;
  /** undefined: rows cannot be selected. */
  selected: boolean | undefined;
  marked: boolean;
  toggle: (index: number, range: boolean) => void;
  open: ((row: T) => void) | undefined;
  moveTo: (index: number) => void;
}

const PAGE = 10;
const STEPS: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: PAGE, PageUp: -PAGE };

export function TableRow<T>(props: TableRowProps<T>) {
  const { row, index, top, columns, focusable, selected, marked, toggle, open, moveTo } = props;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget) return;
    const step = STEPS[event.key];
    if (step !== undefined) moveTo(index + step);
    else if (event.key === 'Enter') open?.(row);
    else if (event.key === ' ' && selected !== undefined) toggle(index, event.shiftKey);
    else return;
    event.preventDefault();
  };
  const onClick = (event: MouseEvent) => {
    // Links and controls inside the row do their own thing; so does marking text.
    if ((event.target as Element).closest('a, button, input, label') || window.getSelection()?.toString()) return;
    open?.(row);
  };
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      data-index={index}
      data-selected={selected || marked || undefined}
      aria-current={marked || undefined}
      data-open={open ? true : undefined}
      className={classes['row']}
      style={{ transform: `translateY(${top.toString()}px)` }}
      tabIndex={focusable ? 0 : -1}
      onKeyDown={onKeyDown}
      onClick={onClick}
    >
      {selected !== undefined && (
        <div role="cell" className={classes['check']}>
          <Checkbox
            size="xs"
            checked={selected}
            tabIndex={-1}
            aria-label={`Select row ${(index + 1).toString()}`}
            onChange={() => undefined}
            onClick={(event) => {
              toggle(index, event.shiftKey);
            }}
          />
        </div>
      )}
      {columns.map((column) => (
        <div key={column.id} role="cell" className={classes['cell']} data-align={column.align}>
          {column.cell(row)}
        </div>
      ))}
    </div>
  );
}
