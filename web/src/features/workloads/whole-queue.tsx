import { Page } from '@/ui/page';
import { Queue, QueueNote } from './queue';

export default function WholeQueuePage() {
  return (
    <Page title="All work" aside={<QueueNote>of every project that you may see</QueueNote>} fill>
      <Queue project={null} />
    </Page>
  );
}
