import { Page } from '@/ui/page';
import { useUser } from '@/frame/session';
import { About } from './about';
import { Keys } from './keys';
import { OwnPassword } from './password';

export default function AccountPage() {
  const user = useUser();
  return (
    <Page title="Account" crumbs={[{ label: 'Account' }, { label: user.name }]} narrow>
      <Keys />
      <OwnPassword />
      <About />
    </Page>
  );
}
