/** The project in the address. */
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { api } from '@/api/client';
import { useSession } from './session';

/** Its name, or null outside of a project. */
export function useProjectName(): string | null {
  return (
    useParams({ strict: false, select: (params: Record<string, string | undefined>) => params['project'] }) ?? null
  );
}

/** Its name, on pages that are always inside of one. */
export function useProject(): string {
  const project = useProjectName();
  if (project === null) throw new Error('useProject outside of a project');
  return project;
}

export const projects = {
  list: () => api.queryOptions('get', '/api/v1/projects', { params: { query: { limit: 1000 } } }),
  one: (project: string) => api.queryOptions('get', '/api/v1/projects/{project}', { params: { path: { project } } }),
};

/** What the user may do here: the server decides again, this only hides what would be refused. */
export function useMay() {
  const { user } = useSession();
  const { data } = useQuery(projects.one(useProject()));
  const role = data?.role;
  return { write: user.admin || role === 'member' || role === 'owner', manage: user.admin || role === 'owner' };
}

export function projectPath(project: string, below = ''): string {
  const base = `/projects/${encodeURIComponent(project)}`;
  return below ? `${base}/${below}` : base;
}
