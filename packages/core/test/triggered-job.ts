import type { Definition, Instance, JobOrigin } from '@nightshift/sdk';
import { createTriggeredRuns, type CoreParts, type TriggeredRuns, type Wait } from '../src/index.ts';
import { createWorkbench, definitionOf, type TestSpec, type Workbench } from './workbench.ts';

/** Two further attempts, ten seconds and twenty seconds later. */
export const TWICE = { retry: { limit: 2, delay: '10s', factor: 2 } };
export const DUE = new Date(Date.UTC(2026, 0, 2, 3, 4, 0));

/** A scheduler's view of a workbench: jobs that wait in the durable store, and what starts them. */
export interface TriggerBench extends Workbench {
  readonly runs: TriggeredRuns;
  define(facts?: Partial<Definition>, spec?: Partial<TestSpec>): Definition;
  /** A child that waits, and its parent. */
  due(facts?: Partial<Definition>, how?: { readonly origin?: JobOrigin; readonly wait?: Wait; readonly spec?: Partial<TestSpec> }): Promise<readonly [parent: Instance, child: Instance]>;
  /** The same, started: its shim has claimed it. */
  begun(facts?: Partial<Definition>, how?: Parameters<TriggerBench['due']>[1]): Promise<readonly [parent: Instance, child: Instance]>;
}

export function createTriggerBench(parts: Partial<CoreParts> = {}): TriggerBench {
  const bench = createWorkbench();
  Object.assign(bench.parts, parts);
  const runs = createTriggeredRuns(bench.parts, bench.durable);
  const define: TriggerBench['define'] = (facts = {}, spec = {}) => definitionOf({ type: 'TimedJob', spec: { type: 'ShellJob', argv: ['true'], ...spec }, ...facts });
  const due: TriggerBench['due'] = async (facts, { origin = { kind: 'trigger', triggerId: '1', dueAt: DUE, catchUp: false }, wait, spec } = {}) => {
    const plan = await runs.plan(define(facts, spec));
    const [parent, child] = runs.instances(plan, origin as never, wait);
    return (await bench.durable().insert(parent, [child])) as unknown as readonly [Instance, Instance];
  };
  return {
    ...bench, runs, define, due,
    async begun(facts, how) {
      const [parent, child] = await due(facts, how);
      return [parent, (await runs.start(child)) as Instance];
    },
  };
}
