import { ActionIcon, Button, Group, Menu } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconDots, IconDownload, IconPlayerPlay, IconShieldCheck } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useRefresh } from '@/api/refresh';
import { projectPath } from '@/frame/project';
import { ConfirmDelete } from '@/ui/confirm';
import { ExportProgram } from './export';
import { PROGRAMS, programs, type Version } from './queries';
import { VerifyProgram } from './verify';

interface ActionsProps {
  version: Version;
  project: string;
  mayWrite: boolean;
  run: () => void;
}

export function Actions({ version, project, mayWrite, run }: ActionsProps) {
  const [exporting, exported] = useDisclosure();
  const [verifying, verified] = useDisclosure();
  const [deleting, del] = useDisclosure();
  const navigate = useNavigate();
  const refresh = useRefresh(PROGRAMS);
  return (
    <Group gap="xs">
      <Button variant="default" leftSection={<IconDownload size={14} />} onClick={exported.open}>
        Export
      </Button>
      {mayWrite && (
        <>
          <Button variant="default" leftSection={<IconShieldCheck size={14} />} onClick={verified.open}>
            Verify
          </Button>
          <Button leftSection={<IconPlayerPlay size={14} />} onClick={run}>
            Run
          </Button>
          <Menu>
            <Menu.Target>
              <ActionIcon aria-label="More" variant="default" size={30}>
                <IconDots size={16} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item color="red" onClick={del.open}>
                Delete the program…
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </>
      )}
      <ExportProgram version={version} project={project} opened={exporting} close={exported.close} />
      <VerifyProgram version={version} project={project} opened={verifying} close={verified.close} />
      <ConfirmDelete
        opened={deleting}
        close={del.close}
        title={`Delete ${version.program}?`}
        typed={version.program}
        confirm={async () => {
          await programs.remove(project, version.program);
          await navigate({ to: projectPath(project, 'programs') });
          await refresh();
        }}
      >
        All its versions are deleted; its runs stay. To be able to bring it back, export it first.
      </ConfirmDelete>
    </Group>
  );
}
