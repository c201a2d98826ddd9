import { anyCase, asciiLower, type JsonSchema, type SpecIssue, type SpecResult, type SpecSchema } from '@nightshift/sdk';

export const NAME = 'ScheduledJob';

/** PowerShell's own name for it. */
export const ALIASES: readonly string[] = ['PSScheduledJob'];

/** The `job:` part of a ScheduledJob: which type runs, and what that type is told. */
export interface ScheduledSpec {
  /** Default `BackgroundJob`. Whether such a type is installed is for the host to say. */
  readonly type: string;
  /** Every key but `type`, as it stood: its places stay right for the inner type's complaints. */
  readonly inner: Readonly<Record<string, unknown>>;
}

/** Looks at `type` only; an empty map passes, since the inner type knows what it misses. */
export const scheduledSchema: SpecSchema<ScheduledSpec> = {
  '~standard': { version: 1, vendor: 'nightshift', validate: readSpec, jsonSchema: { input: () => JSON_SCHEMA } },
};

const DEFAULT_TYPE = 'BackgroundJob';

/** Of `type` alone: the rest is the inner type's. */
const JSON_SCHEMA: JsonSchema = {
  type: 'object',
  properties: {
    type: {
      description: 'Job type of what is run when a trigger is due.',
      type: 'string',
      pattern: '\\S',
      not: { pattern: anyCase(`^(?:${[NAME, ...ALIASES].join('|')})$`) },
      default: DEFAULT_TYPE,
    },
  },
};

function readSpec(value: unknown): SpecResult<ScheduledSpec> {
  if (!isMap(value)) return { issues: [{ message: '"job" must be a map of keys' }] };
  const { type = DEFAULT_TYPE, ...inner } = value;
  if (typeof type !== 'string' || type.trim() === '') {
    return complainAboutType('"job.type" must be the name of a job type');
  }
  if ([NAME, ...ALIASES].some((name) => asciiLower(name) === asciiLower(type))) {
    return complainAboutType('"job.type" cannot be ScheduledJob again: it says what is run when a trigger is due');
  }
  return { value: { type, inner } };
}

function complainAboutType(message: string): { readonly issues: readonly SpecIssue[] } {
  return { issues: [{ message, hint: 'write type: BackgroundJob, or leave it out', path: ['type'] }] };
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
