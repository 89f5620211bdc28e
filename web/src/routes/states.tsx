import { Button } from '@mantine/core';
import { IconCompass } from '@tabler/icons-react';
import { Link, useRouter, type ErrorComponentProps } from '@tanstack/react-router';
import { Page } from '@/ui/page';
import { EmptyState, ErrorState, SkeletonRows } from '@/ui/states';

export function NotFoundPage() {
  return (
    <Page title="Nothing here">
      <EmptyState
        title="This address leads nowhere"
        icon={IconCompass}
        action={
          <Button component={Link} to="/projects" variant="default">
            All projects
          </Button>
        }
      >
        The thing may have been deleted or renamed, or it belongs to a project that you cannot see.
      </EmptyState>
    </Page>
  );
}

export function PageError({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  return (
    <Page title="Something went wrong">
      <ErrorState
        error={error}
        retry={() => {
          reset();
          void router.invalidate();
        }}
      />
    </Page>
  );
}

export function PagePending() {
  return (
    <div style={{ padding: '24px var(--page-padding)' }}>
      <SkeletonRows rows={10} />
    </div>
  );
}
