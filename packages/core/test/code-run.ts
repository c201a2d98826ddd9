import { JobError, type Capabilities, type ChildJob, type CodeJobType, type JobContext, type JobOutcome } from '@nightshift/sdk';
import { superviseRun, type AnyCodeJobType, type CodeRunEnd, type CodeRunOrder, type CodeRunPorts, type OutgoingRecord, type SupervisedRun } from '../src/index.ts';
import { TestClock } from './test-clock.ts';

/** What a test's run does; whatever is absent does nothing. */
export interface Part {
  readonly prepare?: (context: JobContext<unknown>) => unknown;
  readonly start?: (context: JobContext<unknown>) => unknown;
  readonly dispose?: () => unknown;
  readonly suspend?: (reason: string) => unknown;
  readonly resume?: (reason: string) => unknown;
  readonly kill?: (reason: string) => unknown;
  readonly unblock?: (input: unknown) => unknown;
}

/** A code type whose run does as it is told. */
export function typeOf(part: Part, capabilities: Capabilities = {}): AnyCodeJobType {
  const type: CodeJobType<unknown, {}> = {
    name: 'NoteJob', description: 'Does as it is told.', runs: 'code', capabilities,
    spec: { '~standard': { version: 1, vendor: 'test', validate: (value) => ({ value }) } },
    async prepare(context) {
      const { prepare, start = () => ({ state: 'Completed' }), dispose = () => {}, suspend, resume, kill, unblock } = part;
      if (prepare !== undefined) return (await prepare(context)) as never;
      return {
        start: async () => (await start(context)) as JobOutcome,
        [Symbol.asyncDispose]: async () => void (await dispose()),
        ...(suspend === undefined ? {} : { suspend: async (reason: string) => void (await suspend(reason)) }),
        ...(resume === undefined ? {} : { resume: async (reason: string) => void (await resume(reason)) }),
        ...(kill === undefined ? {} : { kill: async (reason: string) => void (await kill(reason)) }),
        ...(unblock === undefined ? {} : { unblock: async (input: unknown) => void (await unblock(input)) }),
      } as never;
    },
  };
  return type as AnyCodeJobType;
}

/** Books, records and children in memory. */
export class Desk {
  readonly clock = new TestClock();
  readonly log: string[] = [];
  readonly records: OutgoingRecord[] = [];
  readonly warnings: JobError[] = [];
  readonly ends: CodeRunEnd[] = [];
  readonly checkpoints: string[] = [];
  /** Answers of the sink to the next records; default: there is room at once. */
  room: (() => Promise<void>) | undefined;
  ownProcess = true;

  ports(): CodeRunPorts {
    return {
      clock: this.clock,
      ownProcess: this.ownProcess,
      books: {
        started: async () => void this.log.push('started'),
        moved: async (to, message) => void this.log.push(message === undefined ? to : `${to}: ${message}`),
        checkpoint: async (json) => void this.checkpoints.push(json),
        ended: async (end) => {
          this.log.push(`ended ${end.state}`);
          this.ends.push(end);
        },
        warn: (warning) => void this.warnings.push(warning),
      },
      records: {
        write: async (record) => {
          this.records.push(record);
          await this.room?.();
        },
        drained: async () => {},
      },
      children: {
        start: async () => Promise.reject(new JobError({ code: 'ContainerParentJobStartError', message: 'there are no children here' })),
        async *all(): AsyncGenerator<ChildJob> {},
      },
    };
  }

  run(part: Part, capabilities: Capabilities = {}, order: Partial<CodeRunOrder> = {}): SupervisedRun {
    const instance = { id: 7, instanceId: '0198a000-0000-7000-8000-000000000007', name: 'Job7', attempt: 1 };
    const whole: CodeRunOrder = {
      plugin: 'nightshift-plugin-x', instance, origin: { kind: 'demand', runNow: false }, spec: {}, workingDirectory: '/', argumentList: [], environment: {}, secrets: {}, gracePeriod: 10_000, ...order,
    };
    return superviseRun(typeOf(part, capabilities), whole, this.ports());
  }
}

/** Lets everything that is ready to go on go on. */
export async function settled(): Promise<void> {
  for (let round = 0; round < 50; round++) await Promise.resolve();
}

export const NEVER = new Promise<never>(() => {});
