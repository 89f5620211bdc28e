import { ActionIcon, Button, Group, Menu } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconDots, IconPlus, IconRocket } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useRefresh } from '@/api/refresh';
import { projectPath, useMay, useProject } from '@/frame/project';
import { text, useUrlState } from '@/frame/url-state';
import { ConfirmDelete } from '@/ui/confirm';
import { EditableMarkdown } from '@/ui/editable-markdown';
import { plural } from '@/ui/format';
import { Page } from '@/ui/page';
import { EmptyState, Loaded, SkeletonRows } from '@/ui/states';
import { DeployModel } from '../deployments/deploy';
import { models, MODELS, type RegisteredModel } from './queries';
import { RegisterModel } from './register';
import { VersionDetail } from './version-detail';
import { VersionsTable } from './versions-table';

const VERSION = text();

export default function ModelPage() {
  const project = useProject();
  const name = useParams({ strict: false, select: (params: Record<string, string>) => params['model'] ?? '' });
  const model = useQuery(models.one(project, name));
  const versions = useQuery(models.versions(project, name));
  const [chosen, setChosen] = useUrlState('version', VERSION);
  const { write } = useMay();
  const refresh = useRefresh(MODELS);
  return (
    <Page
      title={name}
      crumbs={[{ label: 'Models', to: projectPath(project, 'models') }, { label: name }]}
      actions={model.data && write && <Actions model={model.data} project={project} />}
    >
      <Loaded query={model} skeleton={<SkeletonRows rows={4} />}>
        {(found) => (
          <EditableMarkdown
            key={found.id}
            text={found.description ?? ''}
            label="Card"
            placeholder="What this model is for, what it was trained on, where it fails."
            mayEdit={write}
            save={async (description) => {
              await models.change(project, name, { description });
              await refresh();
            }}
          />
        )}
      </Loaded>
      <Loaded query={versions} skeleton={<SkeletonRows rows={6} />}>
        {({ items }) => {
          const shown = items.find(({ version }) => version === chosen) ?? items[0];
          return shown ? (
            <>
              <VersionsTable versions={items} project={project} chosen={shown.version} choose={setChosen} />
              <VersionDetail key={shown.id} version={shown} project={project} mayWrite={write} />
            </>
          ) : (
            <EmptyState title="No version yet">
              Register what a run put out: each version holds the model with its environment and signature.
            </EmptyState>
          );
        }}
      </Loaded>
    </Page>
  );
}

function Actions({ model, project }: { model: RegisteredModel; project: string }) {
  const [registering, register] = useDisclosure();
  const [deploying, deploy] = useDisclosure();
  const [deleting, del] = useDisclosure();
  const navigate = useNavigate();
  const refresh = useRefresh(MODELS);
  return (
    <Group gap="xs">
      <Button variant="default" leftSection={<IconPlus size={14} />} onClick={register.open}>
        Register a version
      </Button>
      {model.latest && (
        <Button leftSection={<IconRocket size={14} />} onClick={deploy.open}>
          Deploy
        </Button>
      )}
      <Menu>
        <Menu.Target>
          <ActionIcon aria-label="More" variant="default" size={30}>
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item color="red" onClick={del.open}>
            Delete the model…
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <RegisterModel project={project} model={model.name} opened={registering} close={register.close} />
      <DeployModel project={project} model={model.name} opened={deploying} close={deploy.close} />
      <ConfirmDelete
        opened={deleting}
        close={del.close}
        title={`Delete ${model.name}?`}
        typed={model.name}
        confirm={async () => {
          await models.remove(project, model.name);
          await navigate({ to: projectPath(project, 'models') });
          await refresh();
        }}
      >
        {model.versions > 0 && `With its ${plural(model.versions, 'version')}. `}
        What a deployment serves cannot be deleted. The runs that made the versions stay.
      </ConfirmDelete>
    </Group>
  );
}
