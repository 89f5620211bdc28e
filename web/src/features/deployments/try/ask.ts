import { send } from '@/api/client';
import type { InferenceRequest, Tensor } from './request';

export interface Answer {
  outputs: (Tensor & { data: unknown[] })[];
  modelVersion: string;
  /** Seconds between asking and answer, the network included. */
  seconds: number;
  /** Which revision answered; null when the server did not say. */
  revision: string | null;
}

interface Wire {
  model_version?: string;
  outputs: (Tensor & { data: unknown[] })[];
}

/** Asks by the Open Inference Protocol, for all of the outputs unless the request names some. */
export async function ask(
  project: string,
  deployment: string,
  request: InferenceRequest,
  outputNames: readonly string[],
): Promise<Answer> {
  const began = performance.now();
  const path = `/api/v1/projects/${encodeURIComponent(project)}/v2/models/${encodeURIComponent(deployment)}/infer`;
  const response = await send(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ outputs: outputNames.map((name) => ({ name })), ...request }),
  });
  const { outputs, model_version = '' } = (await response.json()) as Wire;
  return {
    outputs,
    modelVersion: model_version,
    seconds: (performance.now() - began) / 1000,
    revision: response.headers.get('x-wardian-revision'),
  };
}
