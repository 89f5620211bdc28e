/** An empty project: how to log the first run, with a key that works, and a line that waits for it. */
import { Button, Stack, Tabs, Text, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { client } from '@/api/client';
import { useMay, useProject } from '@/frame/project';
import { CodeBlock } from '@/ui/code';
import { StatusIcon } from '@/ui/status';
import classes from './overview.module.css';

const ACCESS = 'ACCESS_KEY';
const SECRET = 'SECRET_KEY';

export function FirstRun() {
  const project = useProject();
  const may = useMay();
  const key = useMutation({
    mutationFn: async () => (await client.POST('/api/v1/keys', { body: { name: `first run in ${project}` } })).data,
  });
  const access = key.data?.access ?? ACCESS;
  const secret = key.data?.secret ?? SECRET;
  return (
    <section className={classes['first']}>
      <Stack gap="sm">
        <Title order={2}>Log the first run</Title>
        <Text size="sm" c="dimmed">
          Two lines around your training loop. Everything else (code, packages, console, machine) is noted by itself.
        </Text>
        {may.write && !key.data && (
          <Button
            style={{ alignSelf: 'flex-start' }}
            variant="light"
            loading={key.isPending}
            onClick={() => {
              key.mutate();
            }}
          >
            Make a key and put it in
          </Button>
        )}
        {key.data && (
          <Text size="sm" c="var(--status-green)">
            This key works now. Its secret is shown only here: copy it, or make another one later.
          </Text>
        )}
        <Tabs defaultValue="python">
          <Tabs.List>
            <Tabs.Tab value="python">Python</Tabs.Tab>
            <Tabs.Tab value="program">A whole program</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="python" pt="sm">
            <Stack gap="sm">
              <CodeBlock label="Shell" text={environment(project, access, secret)} />
              <CodeBlock label="Python" text={python(project)} />
            </Stack>
          </Tabs.Panel>
          <Tabs.Panel value="program" pt="sm">
            <CodeBlock label="Shell" text={program(project)} />
          </Tabs.Panel>
        </Tabs>
      </Stack>
      <div className={classes['waiting']} role="status">
        <StatusIcon status="starting" /> Waiting for the first run: it appears here by itself.
      </div>
    </section>
  );
}

function environment(project: string, access: string, secret: string): string {
  const url = window.location.origin;
  return [
    `export WARDIAN_URL=${url}`,
    `export WARDIAN_PROJECT=${project}`,
    `export WARDIAN_ACCESS_KEY=${access}`,
    `export WARDIAN_SECRET_KEY=${secret}`,
  ].join('\n');
}

function python(project: string): string {
  return `import wardian

with wardian.init(project="${project}", name="first", params={"lr": 0.01}) as run:
    for step in range(100):
        run.log({"loss": 1 / (step + 1)}, step=step)`;
}

function program(project: string): string {
  return `wardian create program -f examples/digits --project ${project}
wardian run program digits --project ${project} --follow`;
}
