/** The `job:` part of a WorkflowJob. */
import type { JsonSchema, SpecIssue, SpecResult, SpecSchema } from '@nightshift/sdk';
import { isMap, kindOf, type Place, rootPlace } from './complaint.ts';
import { connect } from './needs.ts';
import { readStep, type Step, STEP_KEYS } from './step.ts';
import * as kinds from './values.ts';

/** A workflow after validation: every need is a step, and none waits for itself. */
export interface WorkflowSpec {
  /** In the order in which they are written. */
  readonly steps: readonly Step[];
  /** False: it cannot be suspended, and begins again from the start. */
  readonly checkpoint: boolean;
  /** How many steps run at the same time. */
  readonly maxParallel: number;
}

/** As many as a throttle limit of PowerShell lets run at a time. */
const MAX_PARALLEL = 5;
const MOST_STEPS = 1_000;

const steps: kinds.ValueKind<readonly Step[]> = { read: readSteps, schema: { type: 'array', minItems: 1, items: { type: 'object', properties: kinds.propertiesOf(STEP_KEYS) } } };

/** The keys, in the order of the reference. */
export const WORKFLOW_KEYS: { readonly [Name in keyof WorkflowSpec]: kinds.Key<WorkflowSpec[Name]> } = {
  steps: { value: steps, description: 'What to do, each a child job: a command, a scriptBlock or a filePath with the keys of a BackgroundJob, or a "type" with its own keys, or "suspend: true".', example: [{ command: ['node', 'build.mjs'] }] },
  checkpoint: { value: kinds.boolean, description: 'False says that the work cannot be taken up in the middle: it cannot be suspended.', default: true, example: false },
  maxParallel: { value: kinds.count(1, 1_000), description: 'How many steps run at the same time.', default: MAX_PARALLEL, example: 2 },
};

/** Complains about everything at once; what is under a step's own job is for the type of that job to judge. */
export const workflowSchema: SpecSchema<WorkflowSpec> = {
  '~standard': { version: 1, vendor: 'nightshift', validate: readSpec, jsonSchema: { input: jsonSchema } },
};

function jsonSchema(): JsonSchema {
  return { type: 'object', properties: kinds.propertiesOf(WORKFLOW_KEYS), required: ['steps'], additionalProperties: false };
}

function readSpec(value: unknown): SpecResult<WorkflowSpec> {
  if (!isMap(value)) return { issues: [{ message: `"job" must be a map of keys; it is ${kindOf(value)}` }] };
  const issues: SpecIssue[] = [];
  if (value['steps'] === undefined) issues.push({ code: 'DefinitionKeyMissing', message: '"job.steps" is missing: a workflow is made of steps', hint: 'write, for example, steps: [{ command: [node, build.mjs] }, { command: [node, test.mjs] }]' });
  const read: Partial<WorkflowSpec> = kinds.readKeys(value, WORKFLOW_KEYS, rootPlace(issues), 'a WorkflowJob');
  if (read.checkpoint === false) refusePauses(read.steps ?? [], rootPlace(issues, ['steps']));
  return issues.length > 0 ? { issues } : { value: { checkpoint: true, maxParallel: MAX_PARALLEL, ...read } as WorkflowSpec };
}

function refusePauses(read: readonly Step[], place: Place): void {
  for (const [index, { job }] of read.entries()) {
    if (job === undefined) place.inside(index, 'suspend').complain('and "checkpoint: false" exclude each other: such a job cannot be suspended', { code: 'DefinitionKeysExclusive', at: 'key' });
  }
}

function readSteps(value: unknown, place: Place): readonly Step[] | undefined {
  if (!Array.isArray(value)) return place.complain(`must be a list of steps; it is ${kindOf(value)}`);
  if (value.length === 0) return place.complain('has no step', { hint: 'write, for example, - command: [node, build.mjs]' });
  if (value.length > MOST_STEPS) return place.complain(`has ${value.length} steps; ${MOST_STEPS} are allowed`);
  const read = value.map((step, index) => readStep(step, index, place.inside(index)));
  // Where a step could not be made out, "names no step" would be said of a need that is right.
  return read.includes(undefined) ? undefined : connect(read as NonNullable<(typeof read)[number]>[], place);
}
