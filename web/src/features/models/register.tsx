/** Makes a version of what a run put out. Usable from any page: with `run` it is about that run, else one is chosen. */
import { Alert, Autocomplete, Button, Modal, Select, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '@/api/client';
import { messageOf } from '@/api/errors';
import { useRefresh } from '@/api/refresh';
import { projectPath } from '@/frame/project';
import { folderOf, isManifest, suggestedName } from './candidates';
import { models, MODELS, registerVersion } from './queries';

interface RegisterModelProps {
  project: string;
  /** Id of the run; without it the dialog asks for one. */
  run?: string;
  /** Given when the dialog is about one model. */
  model?: string;
  opened: boolean;
  close: () => void;
}

export function RegisterModel({ opened, close, ...about }: RegisterModelProps) {
  return (
    <Modal opened={opened} onClose={close} title="Register a model version" size="lg">
      <Form {...about} close={close} />
    </Modal>
  );
}

interface Wish {
  model: string;
  run: string;
  path: string;
  version: string;
  alias: string;
  notes: string;
}

function Form({ project, run: givenRun, model: givenModel, close }: Omit<RegisterModelProps, 'opened'>) {
  const [chosenRun, setRun] = useState<string | null>(givenRun ?? null);
  const [chosenPath, setPath] = useState<string | null>(null);
  const [chosenModel, setModel] = useState<string | null>(givenModel ?? null);
  const [version, setVersion] = useState('');
  const [alias, setAlias] = useState('');
  const [notes, setNotes] = useState('');
  const folders = useModelFolders(project, chosenRun);
  const known = useQuery(models.list(project));
  const navigate = useNavigate();
  const refresh = useRefresh(MODELS);
  const path = chosenPath ?? folders.data?.[0] ?? null;
  const model = chosenModel ?? suggestedName(path, project);
  const { mutate, isPending, error } = useMutation({
    meta: { quiet: true },
    mutationFn: (wish: Wish) => register(project, wish),
    onSuccess: async (made) => {
      await refresh();
      close();
      await navigate({
        to: projectPath(project, `models/${encodeURIComponent(made.model)}`),
        search: { version: made.version } as never,
      });
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (chosenRun !== null && path !== null) mutate({ model, run: chosenRun, path, version, alias, notes });
      }}
    >
      <Stack gap="md">
        {givenRun === undefined && <RunChoice project={project} value={chosenRun} set={setRun} />}
        {chosenRun !== null && (
          <Select
            label="What it put out"
            description="Folders of its artifacts that hold a model.json."
            data={folders.data ?? []}
            value={path}
            onChange={setPath}
            placeholder={folders.isPending ? 'Looking…' : 'Nothing to register'}
            error={folders.error ? messageOf(folders.error) : undefined}
            allowDeselect={false}
          />
        )}
        {folders.data?.length === 0 && (
          <Alert variant="light" color="yellow" p="xs">
            This run put out no model. In its code, <code>run.log_model(model, &quot;model&quot;)</code> does.
          </Alert>
        )}
        <Autocomplete
          size="sm"
          label="Model"
          description="One that is there, or a new name."
          data={(known.data?.items ?? []).map(({ name }) => name)}
          value={model}
          onChange={(value) => {
            setModel(value.toLowerCase());
          }}
          disabled={givenModel !== undefined}
          required
          withAsterisk={false}
        />
        <TextInput
          label="Version"
          description="Counted when left empty."
          placeholder="next number"
          value={version}
          onChange={(event) => {
            setVersion(event.currentTarget.value);
          }}
          pattern="[A-Za-z0-9][A-Za-z0-9._+\-]{0,63}"
        />
        <TextInput
          label="Alias"
          description="Moves here if it points elsewhere: champion, staging, …"
          placeholder="none"
          value={alias}
          onChange={(event) => {
            setAlias(event.currentTarget.value.replace(/^@/, ''));
          }}
          pattern="[A-Za-z0-9][A-Za-z0-9._\-]{0,63}"
        />
        <Textarea
          label="Notes"
          description="Markdown. What is special about this version?"
          value={notes}
          onChange={(event) => {
            setNotes(event.currentTarget.value);
          }}
          autosize
          minRows={2}
          maxRows={10}
        />
        {error && (
          <Alert color="red" role="alert">
            {messageOf(error)}
          </Alert>
        )}
        <Button type="submit" loading={isPending} disabled={path === null} style={{ alignSelf: 'flex-end' }}>
          Register
        </Button>
      </Stack>
    </form>
  );
}

async function register(project: string, { model, run, path, version, alias, notes }: Wish) {
  const made = await registerVersion(project, model, { run, path, version: version || null, notes });
  if (alias) await models.setAlias(project, model, alias, made.version);
  return made;
}

const RUNS_SHOWN = 200;

function RunChoice({
  project,
  value,
  set,
}: {
  project: string;
  value: string | null;
  set: (run: string | null) => void;
}) {
  const { data, isPending } = useQuery(
    api.queryOptions('get', '/api/v1/projects/{project}/runs', {
      params: { path: { project }, query: { limit: RUNS_SHOWN, columns: '' } },
    }),
  );
  return (
    <Select
      label="Run"
      placeholder={isPending ? 'Looking…' : 'Find a run by name'}
      data={(data?.items ?? []).map(({ id, name, experiment }) => ({ value: id, label: `${name} · ${experiment}` }))}
      value={value}
      onChange={set}
      nothingFoundMessage={
        <Text size="xs" c="dimmed">
          No run of that name among the newest
        </Text>
      }
      searchable
    />
  );
}

/** Folders among the artifacts of a run that are models. */
function useModelFolders(project: string, run: string | null) {
  return useQuery({
    ...api.queryOptions('get', '/api/v1/projects/{project}/runs/{run_id}/artifacts', {
      params: { path: { project, run_id: run ?? '' }, query: { limit: 1000 } },
    }),
    enabled: run !== null,
    select: ({ items }) => items.filter(({ path }) => isManifest(path)).map(({ path }) => folderOf(path)),
  });
}
