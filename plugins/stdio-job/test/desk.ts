import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { superviseRun, type CodeRunEnd, type CodeRunOrder, type CodeRunPorts, type OutgoingRecord, type SupervisedRun } from '@nightshift/core';
import type { ChildJob, ChildJobRequest, Clock, JobError } from '@nightshift/sdk';
import { type ManifestEntry, type ProgramCapabilities, stdioJobType } from '../src/index.ts';

/** The words with which a program is started that reads lines in sh; `cases` are those of its `case`, after `ready` and `prepared`. */
export function inSh(cases: string, before = ''): readonly [string, ...string[]] {
  const text = `say() { printf '%s\\n' "$1"; }
${before}
while IFS= read -r line; do case $line in
'{"type":"dispose"'*) exit 0 ;;
${cases}
'{"type":"hello"'*) say '{"type":"ready","protocol":1}' ;;
'{"type":"prepare"'*) say '{"type":"prepared"}' ;;
esac; done`;
  return ['sh', '-c', text];
}

/** What is done at `start`; ends with Completed unless it exits before. */
export function atStart(body: string): readonly [string, ...string[]] {
  return inSh(`'{"type":"start"'*) ${body}\n;;`);
}

export const COMPLETED = `say '{"type":"outcome","state":"Completed"}'`;

/** The same in JavaScript: `on(message, say)` gets every message after the first two. */
export function inNode(body: string): readonly [string, ...string[]] {
  const text = `const say = (type, facts) => process.stdout.write(JSON.stringify({ type, ...facts }) + '\\n');
const answers = { hello: () => say('ready', { protocol: 1 }), prepare: () => say('prepared'), dispose: () => process.exit(0), ...{ ${body} } };
require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => { const message = JSON.parse(line); answers[message.type]?.(message); });`;
  return [process.execPath, '-e', text];
}

/** The machine's time, so many times as fast: a limit of ten seconds is over in a fraction of one. */
export function fastClock(factor: number): Clock {
  return {
    now: () => new Date(),
    monotonic: () => performance.now() * factor,
    sleep: (milliseconds, signal) => new Promise((resolve, reject) => {
      const timer = setTimeout(resolve, milliseconds / factor);
      signal?.addEventListener('abort', () => {
        clearTimeout(timer);
        reject(signal.reason as Error);
      }, { once: true });
    }),
  };
}

/** Of a child whose states nobody asks for. */
export async function* noStates(): AsyncGenerator<never> {}

export interface Wishes extends Partial<CodeRunOrder> {
  readonly argv: readonly [string, ...string[]];
  readonly capabilities?: ProgramCapabilities;
  readonly clock?: Clock;
  readonly folder?: string;
  readonly ownProcess?: boolean;
  /** Asked before each record is taken. */
  readonly room?: (record: OutgoingRecord) => Promise<void> | void;
  readonly startChild?: (request: ChildJobRequest) => Promise<ChildJob>;
}

/** One run of a program under the host's own supervision, its books in memory. */
export class Desk {
  readonly log: string[] = [];
  readonly records: OutgoingRecord[] = [];
  readonly warnings: JobError[] = [];
  readonly run: SupervisedRun;
  #changed = Promise.withResolvers<void>();

  constructor({ argv, capabilities = {}, clock = fastClock(1), folder = process.cwd(), ownProcess = true, room, startChild, ...order }: Wishes) {
    const entry: ManifestEntry = { name: 'NoteJob', aliases: [], description: 'Does as it is told.', capabilities, argv };
    const type = stdioJobType(entry, { name: 'notes', version: '1.0.0', folder, nightshift: '1.0.0' });
    const books: CodeRunPorts['books'] = {
      started: async ({ token }) => this.#note(token === undefined ? 'started' : `started ${token}`),
      moved: async (to, message) => this.#note(message === undefined ? to : `${to}: ${message}`),
      checkpoint: async () => {},
      ended: async (end) => this.#note(`ended ${end.state}`),
      warn: (warning) => void this.warnings.push(warning),
    };
    const ports: CodeRunPorts = {
      clock, ownProcess, books,
      records: {
        write: async (record) => {
          this.records.push(record);
          this.#wake();
          await room?.(record);
        },
        drained: async () => {},
      },
      children: { start: startChild ?? (async () => Promise.reject(new Error('there are no children here'))), async *all(): AsyncGenerator<ChildJob> {} },
    };
    const instance = { id: 4, instanceId: '0199a000-0000-7000-8000-000000000004', name: 'Job4', attempt: 1 };
    this.run = superviseRun(type as never, {
      plugin: 'notes', instance, origin: { kind: 'demand', runNow: false }, spec: {}, workingDirectory: '/', argumentList: [],
      environment: { PATH: process.env['PATH'] ?? '' }, secrets: {}, gracePeriod: 10_000, ...order,
    }, ports);
  }

  get ended(): Promise<CodeRunEnd> {
    return this.run.ended;
  }

  /** Values of one stream. */
  of(stream: OutgoingRecord['stream']): unknown[] {
    return this.records.filter((record) => record.stream === stream).map(({ value }) => value);
  }

  /** Resolves when it is true; the runner's time limit says when it never is. */
  async until(isTrue: () => boolean): Promise<void> {
    while (!isTrue()) await this.#changed.promise;
  }

  #note(line: string): void {
    this.log.push(line);
    this.#wake();
  }

  #wake(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers<void>();
  }
}

export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'nightshift-stdio-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** What it has written to standard error. */
export function heardBy(desk: Desk): string[] {
  return desk.of('error').map((record) => (record as { message: string }).message);
}

/** Resolves when somebody sleeps by that clock; the runner's time limit says when nobody ever does. */
export async function onceAsleep(clock: { readonly sleepers: number }): Promise<void> {
  while (clock.sleepers === 0) await new Promise((resolve) => setImmediate(resolve));
}

/** False when nobody has that process id, or it has ended and nobody has asked how. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** Resolves when a process is gone; the runner's time limit says when it never is. */
export async function gone(pid: number): Promise<void> {
  while (isAlive(pid)) await new Promise((resolve) => setImmediate(resolve));
}
