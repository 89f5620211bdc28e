import { quoted } from '@/ui/shell-line';

/** What a shell is told so that the SDK and the command line find the platform. */
export function environmentLines(url: string, key: { access: string; secret: string }, project: string): string {
  const variables: [string, string][] = [
    ['WARDIAN_URL', url],
    ['WARDIAN_ACCESS_KEY', key.access],
    ['WARDIAN_SECRET_KEY', key.secret],
    ...(project ? [['WARDIAN_PROJECT', project] satisfies [string, string]] : []),
  ];
  return variables.map(([name, value]) => `export ${name}=${quoted(value)}`).join('\n');
}
