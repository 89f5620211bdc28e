import { useProject } from '@/frame/project';
import { Page } from '@/ui/page';
import { Trail } from './trail';

export default function ProjectActivityPage() {
  return (
    <Page title="Activity">
      <Trail project={useProject()} />
    </Page>
  );
}
