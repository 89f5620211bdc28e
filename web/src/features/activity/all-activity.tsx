import { Alert, Button } from '@mantine/core';
import { IconShieldCheck } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { client } from '@/api/client';
import { useUser } from '@/frame/session';
import { plural } from '@/ui/format';
import { Page } from '@/ui/page';
import { Trail } from './trail';

export default function AllActivityPage() {
  const { admin } = useUser();
  const check = useMutation({
    mutationFn: async () => (await client.GET('/api/v1/events/verify')).data,
  });
  const verdict = check.data;
  return (
    <Page
      title="All activity"
      actions={
        admin && (
          <Button
            variant="default"
            leftSection={<IconShieldCheck size={14} />}
            loading={check.isPending}
            onClick={() => {
              check.mutate();
            }}
          >
            Verify the trail
          </Button>
        )
      }
    >
      {verdict && (
        <Alert color={verdict.intact ? 'fern' : 'red'} variant="light" mb="md" role="status">
          {verdict.intact
            ? `The trail is whole: ${plural(verdict.checked, 'event')} checked, each sealed by the one before.`
            : `The trail was tampered with: event ${(verdict.broken_at ?? 0).toString()} does not follow from the one before.`}
        </Alert>
      )}
      <Trail project={null} />
    </Page>
  );
}
