import { Button, Checkbox, Modal, Stack, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import { exportAddress, type Version } from './queries';

interface ExportProgramProps {
  version: Version;
  project: string;
  opened: boolean;
  close: () => void;
}

/** One file with checksums that another platform imports. */
export function ExportProgram({ version, project, opened, close }: ExportProgramProps) {
  const [history, setHistory] = useState(true);
  const [data, setData] = useState(false);
  return (
    <Modal opened={opened} onClose={close} title={`Export ${version.program}:${version.version}`}>
      <Stack gap="md">
        <Text size="sm">
          Code, environment and description in one file, a checksum for each part. Drop it on the Programs page of
          another platform.
        </Text>
        <Checkbox
          label="With its history: runs with parameters, curves, logs and artifacts"
          checked={history}
          onChange={(event) => {
            setHistory(event.currentTarget.checked);
          }}
        />
        <Checkbox
          label="With the data behind its pointers, as far as it lies on this machine"
          checked={data}
          onChange={(event) => {
            setData(event.currentTarget.checked);
          }}
        />
        <Button
          component="a"
          href={exportAddress(project, version.program, version.version, { history, data })}
          download
          leftSection={<IconDownload size={14} />}
          style={{ alignSelf: 'flex-end' }}
          onClick={close}
        >
          Download
        </Button>
      </Stack>
    </Modal>
  );
}
