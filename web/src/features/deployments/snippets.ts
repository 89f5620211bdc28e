/** How a deployment is asked from outside: the lines to copy. */
import { quoted } from '@/ui/shell-line';

export interface Asked {
  /** Where `/infer` is posted to. */
  url: string;
  name: string;
  project: string;
  request: unknown;
}

export interface Snippet {
  label: string;
  text: string;
}

export function snippets({ url, name, project, request }: Asked): Snippet[] {
  const body = JSON.stringify(request);
  return [
    {
      label: 'curl',
      text: [
        `curl ${quoted(url)} \\`,
        '  -u "$WARDIAN_ACCESS_KEY:$WARDIAN_SECRET_KEY" \\',
        "  -H 'Content-Type: application/json' \\",
        `  -d ${quoted(body)}`,
      ].join('\n'),
    },
    {
      label: 'Python',
      text: [
        'import json, os, urllib.request',
        '',
        `request = urllib.request.Request(`,
        `    ${JSON.stringify(url)},`,
        `    data=json.dumps(${pythonLiteral(request)}).encode(),`,
        `    headers={`,
        `        "Content-Type": "application/json",`,
        `        "Authorization": f"Bearer {os.environ['WARDIAN_ACCESS_KEY']}.{os.environ['WARDIAN_SECRET_KEY']}",`,
        `    },`,
        `)`,
        `with urllib.request.urlopen(request, timeout=30) as answer:`,
        `    print(json.load(answer)["outputs"])`,
      ].join('\n'),
    },
    { label: 'Command line', text: `wardian predict ${name} --project ${project} -d ${quoted(body)}` },
  ];
}

/** JSON as Python writes it. */
export function pythonLiteral(value: unknown): string {
  if (value === null || value === undefined) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (Array.isArray(value)) return `[${value.map(pythonLiteral).join(', ')}]`;
  if (typeof value === 'object') {
    const entries = Object.entries(value).map(([key, each]) => `${JSON.stringify(key)}: ${pythonLiteral(each)}`);
    return `{${entries.join(', ')}}`;
  }
  return JSON.stringify(value);
}
