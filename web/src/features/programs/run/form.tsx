import { Alert, Button, Group, SimpleGrid, Text, TextInput } from '@mantine/core';
import { IconPlayerPlay } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { ApiError, messageOf } from '@/api/errors';
import { useRefresh } from '@/api/refresh';
import { projectPath } from '@/frame/project';
import { CodeBlock } from '@/ui/code';
import { plural } from '@/ui/format';
import classes from '../programs.module.css';
import { startRun, type Version } from '../queries';
import { commandLine } from './command-line';
import { ParameterField } from './field';
import { changed, startTexts } from './values';

interface RunFormProps {
  version: Version;
  project: string;
  /** Parameters of a run that is repeated. */
  given?: Record<string, unknown>;
}

/** A form made of the parameters; only what differs from the defaults is sent. */
export function RunForm({ version, project, given }: RunFormProps) {
  const parameters = version.manifest.parameters ?? {};
  const [texts, setTexts] = useState(() => startTexts(parameters, given));
  const [name, setName] = useState('');
  const [experiment, setExperiment] = useState('');
  const navigate = useNavigate();
  const refresh = useRefresh('/api/v1/projects/{project}/runs');
  const { values, faults } = changed(parameters, texts);
  const start = useMutation({
    meta: { quiet: true },
    mutationFn: () =>
      startRun(project, version.program, version.version, {
        parameters: values,
        name: name || null,
        experiment: experiment || null,
      }),
    onSuccess: async (run) => {
      await refresh();
      await navigate({ to: projectPath(project, `runs/${run.id}`) });
    },
  });
  const refused = refusedParameters(start.error);
  const count = Object.keys(values).length;
  return (
    <form
      className={classes['form']}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (Object.keys(faults).length === 0) start.mutate();
      }}
    >
      {Object.keys(parameters).length === 0 ? (
        <Text size="sm" c="dimmed" mb="md">
          This program has no parameters.
        </Text>
      ) : (
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md" mb="lg">
          {Object.entries(parameters).map(([key, parameter]) => (
            <ParameterField
              key={key}
              name={key}
              parameter={parameter}
              text={texts[key] ?? ''}
              set={(text) => {
                setTexts((before) => ({ ...before, [key]: text }));
              }}
              fault={faults[key] ?? refused[key]}
            />
          ))}
        </SimpleGrid>
      )}
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md" mb="lg">
        <TextInput
          label="Name of the run"
          placeholder="made up when empty"
          value={name}
          onChange={(event) => {
            setName(event.currentTarget.value);
          }}
          maxLength={128}
        />
        <TextInput
          label="Experiment"
          placeholder={version.program}
          value={experiment}
          onChange={(event) => {
            setExperiment(event.currentTarget.value);
          }}
          maxLength={128}
        />
      </SimpleGrid>
      <Text size="xs" c="dimmed" mb={4}>
        The same from a shell
      </Text>
      <CodeBlock
        text={commandLine({ project, program: version.program, version: version.version, values, name, experiment })}
        label="Command line"
      />
      {start.error && Object.keys(refused).length === 0 && (
        <Alert color="red" role="alert" mt="md">
          {messageOf(start.error)}
        </Alert>
      )}
      <Group mt="md" gap="sm">
        <Button
          type="submit"
          size="sm"
          leftSection={<IconPlayerPlay size={16} />}
          loading={start.isPending}
          disabled={Object.keys(faults).length > 0}
        >
          Run
        </Button>
        <Text size="xs" c="dimmed" aria-live="polite">
          {count === 0 ? 'with the defaults' : `with ${plural(count, 'changed parameter')}`}
        </Text>
        {count > 0 && (
          <Button
            variant="subtle"
            color="gray"
            onClick={() => {
              setTexts(startTexts(parameters));
            }}
          >
            Back to the defaults
          </Button>
        )}
      </Group>
    </form>
  );
}

/** The server names each parameter that it refuses. */
function refusedParameters(error: unknown): Record<string, string> {
  const found = error instanceof ApiError ? error.detail['parameters'] : null;
  return typeof found === 'object' && found !== null ? (found as Record<string, string>) : {};
}
