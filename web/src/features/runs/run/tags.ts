/** Tags as people write them: "key" or "key: value". */
export function writeTags(tags: Record<string, string>): string[] {
  return Object.entries(tags).map(([key, value]) => (value ? `${key}: ${value}` : key));
}

/** What to send so that `before` becomes what was written: null removes. */
export function tagChanges(before: Record<string, string>, written: readonly string[]): Record<string, string | null> {
  const after = new Map(written.map(parseTag));
  const removed = Object.keys(before).filter((key) => !after.has(key));
  return { ...Object.fromEntries(removed.map((key) => [key, null])), ...Object.fromEntries(after) };
}

function parseTag(text: string): [string, string] {
  const [key = '', ...rest] = text.split(': ');
  return [key.trim(), rest.join(': ').trim()];
}
