import type { ReactNode } from 'react';
import classes from './fact-sheet.module.css';

/** `Fact`s side by side, as many as fit, above what a page is about. */
export function FactSheet({ children }: { children: ReactNode }) {
  return <dl className={classes['sheet']}>{children}</dl>;
}
