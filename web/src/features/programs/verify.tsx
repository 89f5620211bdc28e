import { Alert, Button, Group, Loader, Modal, Stack, Text } from '@mantine/core';
import { IconCircleCheck, IconCircleX } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useEffectEvent } from 'react';
import { messageOf } from '@/api/errors';
import { formatDuration, plural } from '@/ui/format';
import classes from './programs.module.css';
import { verify, type Report, type Version } from './queries';

interface VerifyProgramProps {
  version: Version;
  project: string;
  opened: boolean;
  close: () => void;
}

export function VerifyProgram({ version, project, opened, close }: VerifyProgramProps) {
  const ref = `${version.program}:${version.version}`;
  return (
    <Modal opened={opened} onClose={close} title={`Can ${ref} run here?`} size="lg">
      <Verification key={ref} version={version} project={project} close={close} />
    </Modal>
  );
}

/** Begins when it is shown. */
function Verification({ version, project, close }: Omit<VerifyProgramProps, 'opened'>) {
  const { mutate, data, error, isPending } = useMutation({
    meta: { quiet: true },
    mutationFn: () => verify(project, version.program, version.version),
  });
  const begin = useEffectEvent(() => {
    mutate();
  });
  useEffect(() => {
    begin();
  }, []);
  return (
    <Stack gap="md" mih={140}>
      {isPending && (
        <Group gap="sm" role="status" wrap="nowrap">
          <Loader size="sm" />
          <Text size="sm">
            Building its environment, trying every import, looking for data and hardware. The first time this may take
            minutes.
          </Text>
        </Group>
      )}
      {error && (
        <Alert color="red" role="alert">
          {messageOf(error)}
        </Alert>
      )}
      {data && <ReportView report={data} />}
      <Group justify="flex-end" gap="xs" mt="auto">
        {!isPending && (
          <Button
            variant="default"
            onClick={() => {
              mutate();
            }}
          >
            Again
          </Button>
        )}
        <Button onClick={close}>Close</Button>
      </Group>
    </Stack>
  );
}

function ReportView({ report: { can_run, misses, checked, seconds } }: { report: Report }) {
  const looked = Object.entries(checked)
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => `${kind}: ${count.toString()}`)
    .join(', ');
  return (
    <>
      <Alert
        color={can_run ? 'fern' : 'red'}
        variant="light"
        icon={can_run ? <IconCircleCheck /> : <IconCircleX />}
        title={can_run ? 'It can run here' : `It cannot run here: ${plural(misses.length, 'thing')} missing`}
        role="status"
      >
        {misses.length > 0 && (
          <ul className={classes['misses']}>
            {misses.map(({ kind, name, reason }) => (
              <li key={`${kind} ${name}`}>
                <b>{kind === name ? kind : `${kind} ${name}`}</b>: {reason}
              </li>
            ))}
          </ul>
        )}
      </Alert>
      <Text size="xs" c="dimmed">
        Looked at {looked} in {formatDuration(seconds)}.
      </Text>
    </>
  );
}
