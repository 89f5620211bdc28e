import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconBox } from '@tabler/icons-react';
import { useMay } from '@/frame/project';
import { useRun } from '../runs/run/context';
import { RegisterModel } from './register';

/** In the head of a run: make a version of what it put out. */
export default function RegisterFromRun() {
  const { run, project } = useRun();
  const { write } = useMay();
  const [opened, { open, close }] = useDisclosure();
  if (!write) return null;
  return (
    <>
      <Button variant="default" leftSection={<IconBox size={14} />} onClick={open}>
        Register model
      </Button>
      <RegisterModel project={project} run={run.id} opened={opened} close={close} />
    </>
  );
}
