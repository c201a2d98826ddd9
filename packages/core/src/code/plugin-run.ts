import type { AnyJobType, Capabilities, ReattachToken, StopReason } from '@nightshift/sdk';
import { pluginInvalid, type Callee } from './plugin-calls.ts';

/** Any type that runs JavaScript. */
export type AnyCodeJobType = Extract<AnyJobType, { readonly runs: 'code' }>;

/** A run as its plugin made it, with whatever its capabilities promise. */
export interface PluginRun {
  start(): Promise<unknown>;
  [Symbol.asyncDispose](): Promise<void>;
  suspend?(reason: string): Promise<void>;
  resume?(reason: string): Promise<void>;
  kill?(reason: StopReason): Promise<void>;
  unblock?(input: unknown): Promise<void>;
  readonly token?: ReattachToken;
}

/** The members that a capability promises of a run. */
const PROMISED: readonly (readonly [keyof Capabilities, readonly (keyof PluginRun)[]])[] = [
  ['suspend', ['suspend', 'resume']],
  ['kill', ['kill']],
  ['input', ['unblock']],
];

const LONGEST_TOKEN = 4_096;

/** Throws `PluginInvalid` for what is no run, or lacks what its type has declared. */
export function checkRun(callee: Callee, capabilities: Capabilities, made: unknown): PluginRun {
  if (typeof made !== 'object' || made === null) throw pluginInvalid(callee, 'was prepared without giving a run back');
  const run = made as PluginRun;
  if (typeof run.start !== 'function') throw pluginInvalid(callee, 'was prepared as a run without the method start');
  if (typeof run[Symbol.asyncDispose] !== 'function') throw pluginInvalid(callee, 'was prepared as a run without the method [Symbol.asyncDispose]');
  for (const [capability, members] of PROMISED) {
    const missing = capabilities[capability] === true ? members.find((member) => typeof run[member] !== 'function') : undefined;
    if (missing !== undefined) throw pluginInvalid(callee, `declares the capability ${capability} and was prepared as a run without the method ${String(missing)}`);
  }
  if (capabilities.reattach === true && !(typeof run.token === 'string' && run.token.length <= LONGEST_TOKEN)) {
    throw pluginInvalid(callee, `declares the capability reattach and was prepared as a run without a token of at most ${LONGEST_TOKEN} characters`);
  }
  return run;
}
