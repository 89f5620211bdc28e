import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import './theme/fonts.css';
import './theme/global.css';
import { onSignedOut } from './api/credentials';
import { Live } from './api/live';
import { makeQueryClient } from './api/queries';
import { modules } from './features';
import { FrameProvider } from './frame/context';
import { Registry } from './frame/registry';
import { session } from './frame/session';
import { makeRouter } from './routes/router';
import { theme } from './theme/theme';

// After an update of the server the parts this page would load next are gone: start from the new index.html, once.
const RELOADED = 'wardian-reloaded-at';
window.addEventListener('vite:preloadError', () => {
  if (Date.now() - Number(sessionStorage.getItem(RELOADED) ?? 0) < 60_000) return;
  sessionStorage.setItem(RELOADED, Date.now().toString());
  window.location.reload();
});

const registry = new Registry(modules);
const queries = makeQueryClient();
const live = new Live(queries, registry.touches());
const router = makeRouter(registry, queries);

onSignedOut(() => {
  live.close();
  queries.clear();
  queries.setQueryData(session.key, null);
  void router.invalidate();
});

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <Notifications position="bottom-right" />
      <QueryClientProvider client={queries}>
        <FrameProvider frame={{ registry, live }}>
          <RouterProvider router={router} />
        </FrameProvider>
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
