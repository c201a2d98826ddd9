// Types written from the contract by somebody who had not seen the kit, one mistake in each: planted/README.md has their rules.

import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { JobTypeSubject } from '../src/index.ts';
import { firstFailure } from './first-failure.ts';

/** Each file, and the property of the kit that finds its fault. */
const FOUND: readonly (readonly [file: string, property: RegExp])[] = [
  ['outcome-undefined', /ends Completed with the spec that completes/],
  ['outcome-cancelled', /ends with an outcome that there is/],
  ['outcome-failed-no-error', /ends with an outcome that there is/],
  ['outcome-stopped-no-reason', /ends with an outcome that there is/],
  ['failure-swallowed', /ends Failed with the spec that fails/],
  ['stop-says-completed', /ends Stopped when it is asked to stop$/],
  ['prepare-works', /does no work before it is started/],
  ['prepare-waits', /prepares a run of its own/],
  ['signal-ignored', /ends Stopped when it is asked to stop$/],
  ['signal-missed-before-start', /asked to stop just before start/],
  ['signal-missed-at-start-up', /ends Stopped when it is asked to stop$/],
  ['dispose-missing', /ends Completed with the spec that completes/],
  ['dispose-throws', /disposes of a run that Completed/],
  ['dispose-hangs-unstarted', /disposes of a run that was never started/],
  ['dispose-unfinished', /leaves the process as it found it after a run that Completed/],
  ['leak-timer', /leaves the process as it found it after a run that Completed/],
  ['leak-after-stop', /leaves the process as it found it after a run that was Stopped/],
  ['leak-process-listener', /leaves the process as it found it after a run that Completed/],
  ['leak-program', /leaves the process as it found it after a run that Completed/],
  ['leak-folder', /leaves the process as it found it after a run that Completed/],
  ['leak-heartbeat', /leaves the process as it found it after a run that Completed/],
  ['write-in-dispose', /writes nothing and asks for nothing after its end/],
  ['last-write-unawaited', /has waited for its records/],
  ['writes-unawaited', /waits for a reader who has no room/],
  ['record-cycle', /writes only records/],
  ['record-map', /writes only records/],
  ['record-error-object', /writes only records/],
  ['record-terminating', /calls terminating/],
  ['record-secrets', /keeps the secrets/],
  ['clock-timer', /goes by the clock/],
  ['clock-date', /goes by the clock/],
  ['state-stop-flag', /can be run again after it was stopped/],
  ['state-current-run', /does not mix up two runs/],
  ['state-collected', /keeps nothing between one run/],
  ['mutates-spec', /leaves its spec/],
  ['host-environment', /leaves the variables and the working directory/],
  ['schema-accepts-all', /refuses the first invalid spec/],
  ['schema-mutates', /leaves the value alone/],
  ['schema-code-not-text', /refuses the first invalid spec/],
  ['undeclared-kill', /does not implement kill/],
  ['declared-no-suspend', /ends Completed with the spec that completes/],
  ['suspend-early', /stands still while it is suspended/],
  ['suspend-goes-on', /stands still while it is suspended/],
  ['resume-restarts', /without having been suspended/],
  ['resume-stays', /without having been suspended/],
  ['stop-while-suspended', /can be stopped while it is suspended/],
  ['kill-tidies-up', /ends by kill\(\) alone/],
  ['token-later', /gives each run a token of its own/],
  ['blocked-undeclared', /ends Completed with the spec that completes/],
  ['stop-while-blocked', /can be stopped while it is Blocked/],
  ['triggers-on-code', /declares no capability that its form cannot have/],
  ['child-failure-ignored', /ends Failed with the spec that fails/],
  ['restored-ignored', /does not do again, where another host/],
  ['checkpoint-unawaited', /has waited for its checkpoints/],
  ['command-random', /describes the same program each time/],
  ['command-demand-only', /whatever made it start/],
  ['command-secret-in-argv', /puts no secret/],
  ['command-writes-file', /has no effect when it describes/],
  ['delegate-itself', /asks for one job of another type/],
  ['alias-path', /is taken in by a host/],
  ['definitions-throw', /of an unknown name is not its own/],
];

/** What never happens in these need not be waited for as long as a real author may wish. */
const NEVER_END: readonly string[] = ['dispose-hangs-unstarted', 'kill-tidies-up', 'prepare-waits', 'resume-restarts', 'resume-stays', 'signal-ignored', 'signal-missed-at-start-up', 'signal-missed-before-start', 'stop-while-blocked', 'stop-while-suspended', 'writes-unawaited'];

const survivors: string[] = [];

describe('a type with a mistake', () => {
  test.each(FOUND)('%s is found out', async (file, property) => {
    const { fault } = (await import(`./planted/${file}.ts`)) as { readonly fault: { readonly rule: string; readonly subject: JobTypeSubject } };
    const verdict = await firstFailure({ ...fault.subject, ...(NEVER_END.includes(file) ? { patience: 300 } : {}) }, property);
    if (verdict === undefined) survivors.push(`${file}: ${fault.rule}`);
    else expect(verdict.title).toMatch(property);
  });

  test('survives the kit at most once', () => {
    expect(survivors.length, `${survivors.length} of ${FOUND.length} survived:\n${survivors.join('\n')}`).toBeLessThanOrEqual(1);
  });

  test('is put to the test, whichever it is', () => {
    const files = readdirSync(new URL('planted/', import.meta.url)).filter((name) => name.endsWith('.ts') && !name.startsWith('control-'));
    expect(files.toSorted()).toEqual(FOUND.map(([file]) => `${file}.ts`).toSorted());
  });
});

describe('a type without a mistake', () => {
  test.each(['control-code', 'control-command'])('passes (%s)', async (file) => {
    const { control } = (await import(`./planted/${file}.ts`)) as { readonly control: { readonly subject: JobTypeSubject } };
    expect(await firstFailure(control.subject)).toBeUndefined();
  });
});
