/** Text that is code: one block with a copy button, and JSON folded to the depth that fits. */
import { ScrollArea } from '@mantine/core';
import { useState } from 'react';
import classes from './code.module.css';
import { CopyButton } from './values';

export function CodeBlock({ text, maxHeight, label }: { text: string; maxHeight?: number; label?: string }) {
  return (
    <div className={classes['block']}>
      <ScrollArea.Autosize mah={maxHeight} type="auto" viewportProps={{ tabIndex: 0, 'aria-label': label ?? 'Code' }}>
        <pre className={classes['pre']}>{text}</pre>
      </ScrollArea.Autosize>
      <div className={classes['copy']}>
        <CopyButton value={text} />
      </div>
    </div>
  );
}

/** JSON as a tree; deep or large parts start folded. */
export function JsonView({ value }: { value: unknown }) {
  return (
    <div className={classes['block']}>
      <div className={classes['json']}>
        <Node value={value} depth={0} />
      </div>
      <div className={classes['copy']}>
        <CopyButton value={JSON.stringify(value, null, 2)} label="Copy as JSON" />
      </div>
    </div>
  );
}

const FOLD_DEPTH = 2;
const FOLD_LENGTH = 50;

function Node({ name, value, depth }: { name?: string; value: unknown; depth: number }) {
  const entries = entriesOf(value);
  const [open, setOpen] = useState(depth < FOLD_DEPTH && (entries?.length ?? 0) <= FOLD_LENGTH);
  const label = name !== undefined && <span className={classes['key']}>{name}: </span>;
  if (!entries || entries.length === 0) {
    return (
      <div className={classes['row']}>
        {label}
        <span className={classes[kindOf(value)]}>{JSON.stringify(value) ?? 'undefined'}</span>
      </div>
    );
  }
  const [start, end] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  return (
    <div className={classes['row']}>
      <button
        type="button"
        className={classes['fold']}
        aria-expanded={open}
        onClick={() => {
          setOpen(!open);
        }}
      >
        <span aria-hidden>{open ? '▾ ' : '▸ '}</span>
        {label}
        {open ? start : `${start} ${entries.length.toString()} ${end}`}
      </button>
      {open && (
        <>
          <div className={classes['children']}>
            {entries.map(([key, child]) => (
              <Node key={key} name={key} value={child} depth={depth + 1} />
            ))}
          </div>
          {end}
        </>
      )}
    </div>
  );
}

function entriesOf(value: unknown): [string, unknown][] | null {
  return typeof value === 'object' && value !== null ? Object.entries(value) : null;
}

function kindOf(value: unknown): 'string' | 'number' | 'word' {
  if (typeof value === 'string') return 'string';
  return typeof value === 'number' ? 'number' : 'word';
}
