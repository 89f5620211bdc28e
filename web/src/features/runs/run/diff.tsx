import { ScrollArea } from '@mantine/core';
import classes from './diff.module.css';

/** A unified diff, coloured. */
export function Diff({ text }: { text: string }) {
  return (
    <ScrollArea.Autosize mah={520} type="auto" viewportProps={{ tabIndex: 0, 'aria-label': 'Changes' }}>
      <pre className={classes['diff']}>
        {text.split('\n').map((line, index) => (
          <span key={index} data-kind={kindOf(line)}>
            {line || ' '}
          </span>
        ))}
      </pre>
    </ScrollArea.Autosize>
  );
}

function kindOf(line: string): string | undefined {
  if (/^(diff |index |\+\+\+ |--- )/.test(line)) return 'file';
  if (line.startsWith('@@')) return 'place';
  if (line.startsWith('+')) return 'added';
  return line.startsWith('-') ? 'removed' : undefined;
}
