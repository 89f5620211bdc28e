import { Group, Text, Title } from '@mantine/core';
import { useId, type ReactNode } from 'react';
import classes from './settings.module.css';

interface SectionProps {
  title: string;
  /** What this is for, in a sentence. */
  about?: ReactNode;
  action?: ReactNode;
  danger?: boolean;
  children?: ReactNode;
}

/** One card of a settings page. */
export function Section({ title, about, action, danger = false, children }: SectionProps) {
  const id = useId();
  return (
    <section className={classes['section']} aria-labelledby={id} data-danger={danger || undefined}>
      <Group justify="space-between" align="flex-start" gap="sm">
        <div style={{ flex: '1 1 260px', minWidth: 0 }}>
          <Title order={2} id={id}>
            {title}
          </Title>
          {about && (
            <Text size="sm" c="dimmed" component="div">
              {about}
            </Text>
          )}
        </div>
        {action}
      </Group>
      {children && <div className={classes['content']}>{children}</div>}
    </section>
  );
}
