/** Where the steps of a program stand: each to the right of all that it needs. Pure. */

export interface GraphStep {
  name: string;
  needs: readonly string[];
  /** A line below the name: cores, how long it is kept. */
  note: string;
}

export interface Placed extends GraphStep {
  column: number;
  row: number;
}

/** In order of writing; a step whose needs are unknown stands in the first column. */
export function placed(steps: readonly GraphStep[]): Placed[] {
  const columns = new Map<string, number>();
  const byName = new Map(steps.map((step) => [step.name, step]));
  const columnOf = (name: string, above: readonly string[]): number => {
    const known = columns.get(name);
    if (known !== undefined) return known;
    const needs = (byName.get(name)?.needs ?? []).filter((need) => byName.has(need) && !above.includes(need));
    const column = Math.max(-1, ...needs.map((need) => columnOf(need, [...above, name]))) + 1;
    columns.set(name, column);
    return column;
  };
  const heights = new Map<number, number>();
  return steps.map((step) => {
    const column = columnOf(step.name, []);
    const row = heights.get(column) ?? 0;
    heights.set(column, row + 1);
    return { ...step, column, row };
  });
}
