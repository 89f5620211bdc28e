import { useProject } from '@/frame/project';
import { Page } from '@/ui/page';
import { Queue, QueueNote } from './queue';

export default function ProjectQueuePage() {
  return (
    <Page title="Queue" aside={<QueueNote>of this project</QueueNote>} fill>
      <Queue project={useProject()} />
    </Page>
  );
}
