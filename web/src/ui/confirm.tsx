import { Alert, Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useState, type ReactNode } from 'react';

interface ConfirmDeleteProps {
  opened: boolean;
  close: () => void;
  title: string;
  /** What is lost. */
  children: ReactNode;
  /** To be typed before the button works: for things that take much with them. */
  typed?: string;
  action?: string;
  confirm: () => Promise<unknown>;
}

export function ConfirmDelete({
  opened,
  close,
  title,
  children,
  typed,
  action = 'Delete',
  confirm,
}: ConfirmDeleteProps) {
  const [text, setText] = useState('');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const leave = () => {
    setText('');
    setFailure(null);
    close();
  };
  const run = async () => {
    setBusy(true);
    setFailure(null);
    try {
      await confirm();
      leave();
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal opened={opened} onClose={leave} title={title}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void run();
        }}
      >
        <Stack gap="md">
          <Text size="sm" component="div">
            {children}
          </Text>
          {typed && (
            <TextInput
              label={
                <>
                  Type <b>{typed}</b> to confirm
                </>
              }
              value={text}
              onChange={(event) => {
                setText(event.currentTarget.value);
              }}
              autoComplete="off"
              data-autofocus
            />
          )}
          {failure && (
            <Alert color="red" role="alert">
              {failure}
            </Alert>
          )}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={leave}>
              Cancel
            </Button>
            <Button color="red.8" type="submit" loading={busy} disabled={typed !== undefined && text !== typed}>
              {action}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
