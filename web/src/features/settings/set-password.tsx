import { Alert, Button, Modal, PasswordInput, Stack } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { messageOf } from '@/api/errors';
import { useUser } from '@/frame/session';
import { users, type User } from './queries';

interface SetPasswordProps {
  user: User;
  opened: boolean;
  close: () => void;
}

/** An admin sets somebody's password. One's own is set in the account, where the old one is asked for. */
export function SetPassword({ user, opened, close }: SetPasswordProps) {
  const [password, setPassword] = useState('');
  const isOwn = useUser().id === user.id;
  const { mutate, isPending, error, reset } = useMutation({
    meta: { quiet: true, done: `${user.name} has a new password` },
    mutationFn: () => users.setPassword(user.id, { password }),
    onSuccess: () => {
      leave();
    },
  });
  const leave = () => {
    setPassword('');
    reset();
    close();
  };
  return (
    <Modal opened={opened} onClose={leave} title={`Password of ${user.name}`}>
      {isOwn ? (
        <Alert variant="light">Your own password is set on the page Account.</Alert>
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            mutate();
          }}
        >
          <Stack gap="md">
            <PasswordInput
              label="New password"
              description={`At least 8 characters. It signs ${user.name} out everywhere.`}
              autoComplete="new-password"
              value={password}
              onChange={(event) => {
                setPassword(event.currentTarget.value);
              }}
              minLength={8}
              required
              withAsterisk={false}
              data-autofocus
            />
            {error && (
              <Alert color="red" role="alert">
                {messageOf(error)}
              </Alert>
            )}
            <Button type="submit" loading={isPending} style={{ alignSelf: 'flex-end' }}>
              Set the password
            </Button>
          </Stack>
        </form>
      )}
    </Modal>
  );
}
