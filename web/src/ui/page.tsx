import { Group, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { usePlace, type Crumb } from '@/frame/crumbs';
import classes from './page.module.css';

interface PageProps {
  title: string;
  /** What the top bar shows after the project; the title is added when it is missing. */
  crumbs?: Crumb[];
  /** Beside the title. */
  aside?: ReactNode;
  actions?: ReactNode;
  /** Takes exactly the height of the window and scrolls inside, as tables and logs do. */
  fill?: boolean;
  /** Narrow for forms and text. */
  narrow?: boolean;
  children: ReactNode;
}

export function Page({ title, crumbs, aside, actions, fill = false, narrow = false, children }: PageProps) {
  usePlace(crumbs ?? [{ label: title }]);
  return (
    <div className={classes['page']} data-fill={fill || undefined} data-narrow={narrow || undefined}>
      <header className={classes['head']}>
        <Group gap="sm" wrap="nowrap" miw={0}>
          <Title order={1} className="truncate">
            {title}
          </Title>
          {aside}
        </Group>
        {actions && <Group gap="xs">{actions}</Group>}
      </header>
      <div className={classes['body']}>{children}</div>
    </div>
  );
}
