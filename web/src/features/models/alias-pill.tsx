import { Badge } from '@mantine/core';

export function AliasPill({ alias }: { alias: string }) {
  return (
    <Badge variant="light" size="sm" tt="none" fw={550}>
      @{alias}
    </Badge>
  );
}
