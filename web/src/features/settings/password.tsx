import { Alert, Button, PasswordInput, Stack } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { signedOut } from '@/api/credentials';
import { messageOf } from '@/api/errors';
import { useUser } from '@/frame/session';
import { users } from './queries';
import { Section } from './section';

const MIN = 8;

export function OwnPassword() {
  const user = useUser();
  const [old, setOld] = useState('');
  const [fresh, setFresh] = useState('');
  const [again, setAgain] = useState('');
  const { mutate, isPending, error } = useMutation({
    meta: { quiet: true, done: 'The new password is set; sign in with it' },
    mutationFn: () => users.setPassword(user.id, { password: fresh, old_password: old }),
    onSuccess: signedOut,
  });
  const differs = again !== '' && again !== fresh;
  return (
    <Section title="Password" about="Setting a new one signs you out everywhere, here too. Keys go on working.">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (fresh === again) mutate();
        }}
      >
        <Stack gap="sm" maw={360}>
          <input type="text" name="username" autoComplete="username" value={user.name} readOnly hidden />
          <PasswordInput
            label="Present password"
            autoComplete="current-password"
            value={old}
            onChange={(event) => {
              setOld(event.currentTarget.value);
            }}
            required
            withAsterisk={false}
          />
          <PasswordInput
            label="New password"
            description={`At least ${MIN.toString()} characters.`}
            autoComplete="new-password"
            value={fresh}
            onChange={(event) => {
              setFresh(event.currentTarget.value);
            }}
            minLength={MIN}
            required
            withAsterisk={false}
          />
          <PasswordInput
            label="New password again"
            autoComplete="new-password"
            value={again}
            onChange={(event) => {
              setAgain(event.currentTarget.value);
            }}
            error={differs && 'The two differ.'}
            required
            withAsterisk={false}
          />
          {error && (
            <Alert color="red" role="alert" p="xs">
              {messageOf(error)}
            </Alert>
          )}
          <Button type="submit" loading={isPending} style={{ alignSelf: 'flex-start' }}>
            Set the password
          </Button>
        </Stack>
      </form>
    </Section>
  );
}
