import { Suspense } from 'react';
import { useFrame } from '@/frame/context';
import { useMay, useProject } from '@/frame/project';
import { Page } from '@/ui/page';
import { SkeletonRows } from '@/ui/states';
import { DangerZone } from './danger-zone';
import { General } from './general';
import { Members } from './members';
import { Section } from './section';

export default function ProjectSettingsPage() {
  const project = useProject();
  const { manage } = useMay();
  const { registry } = useFrame();
  return (
    <Page title="Settings" narrow>
      <General key={project} project={project} mayChange={manage} />
      <Members project={project} mayChange={manage} />
      {registry.tabs('settings').map(({ id, label, Component }) => (
        <Section key={id} title={label}>
          <Suspense fallback={<SkeletonRows rows={4} />}>
            <Component />
          </Suspense>
        </Section>
      ))}
      {manage && <DangerZone project={project} />}
    </Page>
  );
}
