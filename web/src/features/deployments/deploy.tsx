/** Serves a model version, under a new name or as the next revision of a deployment that is there. */
import { Alert, Autocomplete, Button, Group, Modal, NumberInput, Select, Stack, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { messageOf } from '@/api/errors';
import { useRefresh } from '@/api/refresh';
import { projectPath } from '@/frame/project';
import { models } from '../models/queries';
import { createDeployment, DEPLOYMENTS, deployments } from './queries';

interface DeployModelProps {
  project: string;
  /** Asked for when not given. */
  model?: string;
  version?: string;
  /** Name of the deployment that gets the revision; asked for when not given. */
  deployment?: string;
  opened: boolean;
  close: () => void;
}

export function DeployModel({ opened, close, deployment, ...about }: DeployModelProps) {
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={deployment === undefined ? 'Deploy a model' : `New revision of ${deployment}`}
    >
      <Form {...about} deployment={deployment} close={close} />
    </Modal>
  );
}

const GIB = 1024 ** 3;

interface Wish {
  name: string;
  ref: string;
  resources: { cpu: number; memory: number; gpu: number };
}

function Form({ project, model, version, deployment, close }: Omit<DeployModelProps, 'opened'>) {
  const [chosenModel, setModel] = useState<string | null>(model ?? null);
  const [chosen, setChosen] = useState<string | null>(version ?? null);
  const [chosenName, setName] = useState<string | null>(deployment ?? null);
  const [cpu, setCpu] = useState<number | string>(1);
  const [memory, setMemory] = useState<number | string>(0);
  const [gpu, setGpu] = useState<number | string>(0);
  const known = useQuery(models.list(project));
  const served = useQuery(deployments.list(project));
  const versions = useQuery({ ...models.versions(project, chosenModel ?? ''), enabled: chosenModel !== null });
  const navigate = useNavigate();
  const refresh = useRefresh(DEPLOYMENTS);
  const name = chosenName ?? chosenModel ?? '';
  const isThere = served.data?.items.some((each) => each.name === name) ?? false;
  const targets = targetsOf(versions.data?.items ?? []);
  const target = chosen ?? targets[0]?.value ?? null;
  const { mutate, isPending, error } = useMutation({
    meta: { quiet: true },
    mutationFn: async (wish: Wish) => {
      const { ref, resources } = wish;
      if (isThere) await deployments.revise(project, wish.name, { model: ref, resources });
      else await createDeployment(project, { name: wish.name, model: ref, resources });
      return wish.name;
    },
    onSuccess: async (made) => {
      await refresh();
      close();
      await navigate({ to: projectPath(project, `deployments/${encodeURIComponent(made)}`) });
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (chosenModel === null || target === null) return;
        const ref = target.startsWith('@') ? `${chosenModel}${target}` : `${chosenModel}:${target}`;
        const resources = { cpu: Number(cpu), memory: Math.round(Number(memory) * GIB), gpu: Number(gpu) };
        mutate({ name, ref, resources });
      }}
    >
      <Stack gap="md">
        {model === undefined && (
          <Select
            label="Model"
            placeholder={known.isPending ? 'Looking…' : 'Which model'}
            data={(known.data?.items ?? []).filter(({ latest }) => latest).map((each) => each.name)}
            value={chosenModel}
            onChange={(value) => {
              setModel(value);
              setChosen(null);
            }}
            nothingFoundMessage="No model has a version yet"
            searchable
          />
        )}
        <Select
          label="Version"
          data={targets}
          value={target}
          onChange={setChosen}
          disabled={chosenModel === null}
          allowDeselect={false}
        />
        {deployment === undefined && (
          <Autocomplete
            size="sm"
            label="Name of the deployment"
            description="Part of its address."
            data={(served.data?.items ?? []).map((each) => each.name)}
            value={name}
            onChange={(value) => {
              setName(value.toLowerCase());
            }}
            required
            withAsterisk={false}
          />
        )}
        <Group grow gap="sm">
          <NumberInput label="CPU" suffix=" cores" min={0} step={0.5} value={cpu} onChange={setCpu} />
          <NumberInput label="Memory" suffix=" GiB" min={0} step={0.5} value={memory} onChange={setMemory} />
          <NumberInput label="GPU" min={0} allowDecimal={false} value={gpu} onChange={setGpu} />
        </Group>
        {isThere && (
          <Text size="xs" c="dimmed">
            {name} serves already: what it serves goes on until the new revision answers.
          </Text>
        )}
        {error && (
          <Alert color="red" role="alert">
            {messageOf(error)}
          </Alert>
        )}
        <Button type="submit" loading={isPending} disabled={target === null} style={{ alignSelf: 'flex-end' }}>
          {isThere ? 'Roll out' : 'Deploy'}
        </Button>
      </Stack>
    </form>
  );
}

interface Versioned {
  version: string;
  aliases?: string[];
}

/** The newest version first, then aliases, then the rest. */
function targetsOf(versions: readonly Versioned[]): { value: string; label: string }[] {
  const aliases = versions.flatMap(({ version, aliases: names = [] }) =>
    names.map((alias) => ({ value: `@${alias}`, label: `@${alias} (now ${version})` })),
  );
  const plain = versions.map(({ version }, index) => ({
    value: version,
    label: index === 0 ? `${version} (newest)` : version,
  }));
  return [...plain.slice(0, 1), ...aliases, ...plain.slice(1)];
}
