/** The addresses of the app: sign-in, and below the shell what the modules register. */
import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
  type AnyRoute,
} from '@tanstack/react-router';
import { basePath } from '@/api/client';
import type { RouteSpec } from '@/frame/module';
import { projects } from '@/frame/project';
import type { Registry } from '@/frame/registry';
import { session } from '@/frame/session';
import { Shell } from '@/frame/shell';
import { parseSearch, writeSearch } from '@/frame/url-state';
import { NotFoundPage, PageError, PagePending } from './states';

interface RouterContext {
  queries: QueryClient;
}

export function makeRouter(registry: Registry, queries: QueryClient) {
  const root = createRootRouteWithContext<RouterContext>()({ component: Outlet, notFoundComponent: NotFoundPage });
  const signIn = createRoute({
    getParentRoute: () => root,
    path: 'sign-in',
    component: lazyRouteComponent(() => import('@/features/sign-in/page')),
  });
  const shell = createRoute({
    getParentRoute: () => root,
    id: 'shell',
    component: Shell,
    notFoundComponent: NotFoundPage,
    beforeLoad: async ({ context, location }) => {
      const who = await context.queries.ensureQueryData(session.options());

      if (!who) throw redirect({ to: '/sign-in', search: { next: location.href } });
    },
  });
  const home = createRoute({
    getParentRoute: () => shell,
    path: '/',
    beforeLoad: () => {
      throw redirect({ to: '/projects' });
    },
  });
  const project = createRoute({
    getParentRoute: () => shell,
    path: 'projects/$project',
    component: Outlet,
    notFoundComponent: NotFoundPage,
    loader: ({ context, params }) => context.queries.ensureQueryData(projects.one(params.project)),
  });
  project.addChildren(below(project, registry, 'project'));
  shell.addChildren([home, project, ...below(shell, registry, 'platform')]);
  root.addChildren([signIn, shell]);
  return createRouter({
    routeTree: root,
    context: { queries },
    basepath: basePath || '/',
    parseSearch,
    stringifySearch: writeSearch,
    defaultPreload: 'intent',
    defaultPreloadStaleTime: 0,
    defaultErrorComponent: PageError,
    defaultPendingComponent: PagePending,
    defaultNotFoundComponent: NotFoundPage,
    scrollRestoration: true,
  });
}

function below(parent: AnyRoute, registry: Registry, scope: RouteSpec['scope']): AnyRoute[] {
  return registry.routes
    .filter((route) => route.scope === scope)
    .map(({ path, load }) =>
      createRoute({ getParentRoute: () => parent, path: path || '/', component: lazyRouteComponent(load) }),
    );
}
