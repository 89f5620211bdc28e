/** Short names for the nouns of the API. Nothing here is written by hand twice: schema.d.ts comes from the server. */
import type { components } from './schema';

type Schemas = components['schemas'];

export type Session = Schemas['SessionInfo'];
export type Project = Schemas['Project'];
export type Role = Schemas['Role'];
export type Run = Schemas['Run'];
export type RunColumns = Schemas['Columns'];
export type Artifact = Schemas['Artifact'];
export type SeriesSummary = Schemas['SeriesSummary'];
export type MetricSummary = Schemas['MetricSummary'];
export type Edge = Schemas['Edge'];
