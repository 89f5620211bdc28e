import { Alert, Button, Checkbox, Modal, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { messageOf } from '@/api/errors';
import { users } from './queries';

export function NewUser({ opened, close }: { opened: boolean; close: () => void }) {
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [admin, setAdmin] = useState(false);
  const queries = useQueryClient();
  const { mutate, isPending, error, reset } = useMutation({
    meta: { quiet: true, done: `${name} may sign in now` },
    mutationFn: () => users.create({ name, password, admin }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: users.list().queryKey });
      leave();
    },
  });
  const leave = () => {
    setName('');
    setPassword('');
    setAdmin(false);
    reset();
    close();
  };
  return (
    <Modal opened={opened} onClose={leave} title="New user">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          mutate();
        }}
      >
        <Stack gap="md">
          <TextInput
            label="Name"
            description="An e-mail address will do."
            autoComplete="off"
            value={name}
            onChange={(event) => {
              setName(event.currentTarget.value);
            }}
            pattern="[A-Za-z0-9][A-Za-z0-9._@+\-]{0,63}"
            required
            withAsterisk={false}
            data-autofocus
          />
          <PasswordInput
            label="Password"
            description="At least 8 characters."
            autoComplete="new-password"
            value={password}
            onChange={(event) => {
              setPassword(event.currentTarget.value);
            }}
            minLength={8}
            required
            withAsterisk={false}
          />
          <Checkbox
            label="Platform admin: may do everything in every project"
            checked={admin}
            onChange={(event) => {
              setAdmin(event.currentTarget.checked);
            }}
          />
          {error && (
            <Alert color="red" role="alert">
              {messageOf(error)}
            </Alert>
          )}
          <Button type="submit" loading={isPending} style={{ alignSelf: 'flex-end' }}>
            Create
          </Button>
        </Stack>
      </form>
    </Modal>
  );
}
