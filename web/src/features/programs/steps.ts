import { formatBytes, formatDuration } from '@/ui/format';
import type { GraphStep } from './graph-layout';
import type { Version } from './queries';

/** The steps to draw: those of the manifest; a notebook of several tagged steps shows them one after another. */
export function stepsOf({ manifest, steps }: Pick<Version, 'manifest' | 'steps'>): GraphStep[] {
  const names = new Set(steps.map(({ name }) => name));
  if (!manifest.steps.every(({ name }) => names.has(name))) {
    return steps.map(({ name, cache_s }, index) => ({
      name,
      needs: index > 0 ? [steps[index - 1]?.name ?? ''] : [],
      note: kept(cache_s),
    }));
  }
  return manifest.steps.map(({ name, needs = [], resources }) => {
    const wanted = resources ?? manifest.resources;
    const slots = [
      wanted && `${(wanted.cpu ?? 1).toString()} cpu`,
      wanted?.memory ? formatBytes(wanted.memory) : '',
      wanted?.gpu ? `${wanted.gpu.toString()} gpu` : '',
      kept(steps.find((step) => step.name === name)?.cache_s ?? 0),
    ];
    return { name, needs, note: slots.filter(Boolean).join(' · ') };
  });
}

function kept(seconds: number): string {
  return seconds > 0 ? `kept ${formatDuration(seconds)}` : '';
}
