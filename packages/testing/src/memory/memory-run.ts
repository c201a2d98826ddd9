import type { CodeRunEnd, CodeSeen, SupervisedRun } from '@nightshift/core';
import type { StopReason } from '@nightshift/sdk';
import type { RunningProgram } from './run-program.ts';

/** One attempt of a run, as the launcher of a test host knows it: the folder and the processes of a real one. */
export interface MemoryRun {
  readonly beginTime: Date;
  /** Resolves when it is over. */
  readonly ended: Promise<void>;
  readonly program?: RunningProgram;
  readonly code?: SupervisedRun;
  started?: Date;
  outcome?: CodeRunEnd & { readonly at: Date };
  end?: { readonly endTime: Date; readonly exitCode?: number; readonly signal?: string; readonly reason?: StopReason };
  outputBytes: number;
  /** Its host is gone: what it still says is heard by nobody. */
  isCutOff?: true;
}

/** What a reader is told of a run of JavaScript. */
export function codeSeen({ started, outcome }: MemoryRun, checkpoint: boolean): CodeSeen {
  return { checkpoint, ...(started === undefined ? {} : { started }), ...(outcome === undefined ? {} : { outcome }) };
}
