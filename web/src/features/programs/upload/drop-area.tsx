import { Alert, Button, FileButton, Group, Progress, Text } from '@mantine/core';
import { IconFolder, IconUpload } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState, type DragEvent } from 'react';
import { messageOf } from '@/api/errors';
import { useRefresh } from '@/api/refresh';
import { projectPath } from '@/frame/project';
import classes from '../programs.module.css';
import { PROGRAMS } from '../queries';
import { parcelOf, parcelOfDrop, type Parcel } from './dropped';
import { sendParcel } from './send';

/** Takes a folder, an archive of one, a notebook, or an export of a program with its history. */
export function DropArea({ project }: { project: string }) {
  const [over, setOver] = useState(false);
  const [share, setShare] = useState(0);
  const navigate = useNavigate();
  const refresh = useRefresh(PROGRAMS);
  const { mutate, isPending, error, data } = useMutation({
    meta: { quiet: true },
    mutationFn: async (parcel: Promise<Parcel>) => {
      setShare(0);
      return sendParcel(project, await parcel, setShare);
    },
    onSuccess: async ({ program, version, note }) => {
      await refresh();
      if (note) return;
      await navigate({
        to: projectPath(project, `programs/${encodeURIComponent(program)}`),
        search: { version } as never,
      });
    },
  });
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const entries = [...event.dataTransfer.items]
      .map((item) => item.webkitGetAsEntry())
      .filter((entry) => entry !== null);
    mutate(entries.length > 0 ? parcelOfDrop(entries) : parcelOf([...event.dataTransfer.files]));
  };
  return (
    <section aria-label="Upload a program">
      {}
      <div
        className={classes['drop']}
        data-over={over || undefined}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => {
          setOver(false);
        }}
        onDrop={onDrop}
      >
        <div className={classes['grow']}>
          {isPending ? (
            <Sending share={share} />
          ) : (
            'Drop a folder with a wardian.yaml or same.yaml, a notebook, or an exported program.'
          )}
        </div>
        <Group gap="xs">
          <FileButton
            onChange={(files) => {
              if (files.length > 0) mutate(parcelOf(files));
            }}
            multiple
            inputProps={{ 'aria-label': 'Files of a program', tabIndex: -1 }}
          >
            {(props) => (
              <Button {...props} variant="default" leftSection={<IconUpload size={14} />} disabled={isPending}>
                Choose files
              </Button>
            )}
          </FileButton>
          <FileButton
            onChange={(files) => {
              if (files.length > 0) mutate(parcelOf(files));
            }}
            multiple
            inputProps={{ ...FOLDER, 'aria-label': 'Folder of a program', tabIndex: -1 }}
          >
            {(props) => (
              <Button {...props} variant="default" leftSection={<IconFolder size={14} />} disabled={isPending}>
                Choose a folder
              </Button>
            )}
          </FileButton>
        </Group>
      </div>
      {error && (
        <Alert color="red" role="alert" mb="sm" p="xs" style={{ whiteSpace: 'pre-wrap' }}>
          {messageOf(error)}
        </Alert>
      )}
      {data?.note && (
        <Alert variant="light" role="status" mb="sm" p="xs">
          {data.program}:{data.version}. {data.note}
        </Alert>
      )}
    </section>
  );
}

/** React knows no types for it, browsers do. */
const FOLDER = { webkitdirectory: '' } as Record<string, string>;

function Sending({ share }: { share: number }) {
  const done = share >= 1;
  return (
    <>
      <Text size="xs" mb={4} role="status">
        {done
          ? 'Sent; the platform looks at it and locks its environment…'
          : `Sending, ${Math.round(share * 100).toString()} %`}
      </Text>
      <Progress value={done ? 100 : share * 100} animated={done} size="sm" aria-label="Sent" />
    </>
  );
}
