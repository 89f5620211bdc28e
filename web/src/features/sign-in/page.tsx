import { Alert, Button, Center, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter, useSearch } from '@tanstack/react-router';
import { useEffect } from 'react';
import { messageOf } from '@/api/errors';
import { signIn } from '@/frame/session';
import { Mark } from '@/ui/mark';

export default function SignInPage() {
  const router = useRouter();
  const queries = useQueryClient();
  const next = useSearch({ strict: false, select: (search: Record<string, string>) => search['next'] });
  const { mutate, isPending, error } = useMutation({
    meta: { quiet: true },
    mutationFn: (form: FormData) => signIn(queries, textOf(form, 'name'), textOf(form, 'password')),
    onSuccess: async () => {
      await router.invalidate();
      router.history.push(isOwn(next) ? next : '/projects');
    },
  });
  useEffect(() => {
    document.title = 'Sign in · Wardian';
  }, []);
  return (
    <Center component="main" mih="100dvh" p="md">
      <form
        style={{ width: 'min(340px, 100%)' }}
        onSubmit={(event) => {
          event.preventDefault();
          mutate(new FormData(event.currentTarget));
        }}
      >
        <Stack gap="md">
          <Stack gap={4} align="center" mb="xs">
            <Mark size={44} />
            <Title order={1}>Sign in to Wardian</Title>
          </Stack>
          {error && (
            <Alert color="red" role="alert">
              {messageOf(error)}
            </Alert>
          )}
          <TextInput name="name" label="Name" autoComplete="username" required withAsterisk={false} data-autofocus />
          <PasswordInput
            name="password"
            label="Password"
            autoComplete="current-password"
            required
            withAsterisk={false}
          />
          <Button type="submit" size="sm" loading={isPending}>
            Sign in
          </Button>
          <Text size="xs" c="dimmed" ta="center">
            The first start of the platform printed the name and password of its admin.
          </Text>
        </Stack>
      </form>
    </Center>
  );
}

function textOf(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === 'string' ? value : '';
}

/** Only back into this app, never to another site. */
function isOwn(address: string | undefined): address is string {
  return address?.startsWith('/') === true && !/^\/[/\\]/.test(address);
}
