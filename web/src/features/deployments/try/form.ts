import type { InferenceRequest, Tensor } from './request';

/** What every way of asking is given. */
export interface AskFormProps {
  inputs: readonly Tensor[];
  /** A request that the model can answer, if its maker gave one. */
  example: unknown;
  busy: boolean;
  submit: (request: InferenceRequest) => void;
}
