import { Button } from '@mantine/core';
import { IconRepeat } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { projectPath, useMay } from '@/frame/project';
import { useRun } from '../runs/run/context';

/** In the head of a run of a program: the run form, filled in as this run was. */
export default function RunAgain() {
  const { run, project } = useRun();
  const { write } = useMay();
  if (!write || !run.program) return null;
  const { name, version } = run.program;
  return (
    <Button
      component={Link}
      to={projectPath(project, `programs/${encodeURIComponent(name)}/run`)}
      search={{ version, from: run.id } as never}
      variant="default"
      leftSection={<IconRepeat size={14} />}
    >
      Run again
    </Button>
  );
}
