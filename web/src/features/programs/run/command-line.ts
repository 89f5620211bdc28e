/** The line that starts the same run from a shell. */
import { quoted } from '@/ui/shell-line';

export interface RunWish {
  project: string;
  program: string;
  version: string;
  values: Readonly<Record<string, unknown>>;
  name: string;
  experiment: string;
}

/** Options of the command itself: a parameter of that name is given by --set. */
const TAKEN = new Set([
  'follow',
  'no-follow',
  'detach',
  'name',
  'experiment',
  'set',
  'home',
  'json',
  'project',
  'help',
]);

export function commandLine({ project, program, version, values, name, experiment }: RunWish): string {
  const options = [
    ...Object.entries(values).map(([key, value]) =>
      TAKEN.has(key) ? `--set ${quoted(`${key}=${written(value)}`)}` : `--${key}=${quoted(written(value))}`,
    ),
    ...(name ? [`--name ${quoted(name)}`] : []),
    ...(experiment ? [`--experiment ${quoted(experiment)}`] : []),
    `--project ${quoted(project)}`,
  ];
  return ['wardian run program', `${program}:${version}`, ...options].join(' ');
}

function written(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
