import { formatBytes, formatNumber } from '@/ui/format';

interface Slots {
  cpu?: number;
  memory?: number;
  gpu?: number;
}

/** "1 cpu · 2 GiB · 1 gpu": only what is asked for. */
export function wanted(slots: Slots | undefined): string {
  const { cpu = 1, memory = 0, gpu = 0 } = slots ?? {};
  const parts = [
    cpu > 0 && `${formatNumber(cpu, 3)} cpu`,
    memory > 0 && formatBytes(memory),
    gpu > 0 && `${gpu.toString()} gpu`,
  ].filter(Boolean);
  return parts.length > 0 ? parts.join(' · ') : 'nothing reserved';
}
