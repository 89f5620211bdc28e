/** Markdown of users. HTML inside it stays text, links open elsewhere. */
import { lazy, Suspense } from 'react';
import { SkeletonRows } from './states';

const Rendered = lazy(() => import('./markdown-rendered'));

export function Markdown({ text }: { text: string }) {
  return (
    <Suspense fallback={<SkeletonRows rows={6} height={24} />}>
      <Rendered text={text} />
    </Suspense>
  );
}
