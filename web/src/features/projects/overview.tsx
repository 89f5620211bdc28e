import { Suspense } from 'react';
import { useFrame } from '@/frame/context';
import { useProject } from '@/frame/project';
import { Page } from '@/ui/page';
import { SkeletonRows } from '@/ui/states';

/** The Overview is made of the cards that the features register. */
export default function OverviewPage() {
  const project = useProject();
  const { registry } = useFrame();
  return (
    <Page title={project} crumbs={[{ label: 'Overview' }]}>
      {registry.cards.map(({ id, Component }) => (
        <Suspense key={id} fallback={<SkeletonRows rows={4} />}>
          <Component />
        </Suspense>
      ))}
    </Page>
  );
}
