import type { AnyJobType, Capabilities } from '@nightshift/sdk';
import { shown, skip, wrongly, type Property, type TestRunner } from './runner.ts';
import { proofs, undeclared } from './job-type/capabilities.ts';
import { childrenOf } from './job-type/children.ts';
import { CodeBench, type CodeProperty, type Samples } from './job-type/code-bench.ts';
import { commandProofs, commandProperties, commandRuns } from './job-type/commands.ts';
import { delegateProofs, delegateProperties, delegateRuns } from './job-type/delegates.ts';
import { CAPABILITIES, factProperties } from './job-type/facts.ts';
import { foresees, foresightProperties } from './job-type/foresight.ts';
import { beginnings, endings, stops } from './job-type/life.ts';
import { independence, records } from './job-type/records.ts';
import { sourceProperties } from './job-type/sources.ts';
import { specProperties } from './job-type/spec.ts';
import { ExitCalled, withStrays } from './job-type/strays.ts';
import type { JobTypeSubject } from './job-type/subject.ts';

/**
 * The full suite against one job type: every property is a test of its own, whose failure says what is wrong and what its author
 * is to do. Capabilities that are not declared are listed as skipped; those that are implemented and not declared fail.
 *
 * The specs must be JSON-like values that structuredClone can copy. Runs of code types are supervised as in a host, in this process, by real time;
 * programs of command types are started as real processes.
 */
export function exerciseJobType(runner: TestRunner, subject: JobTypeSubject): void {
  const { type } = subject;
  const name = String(type.name);
  chapter(runner, `${name}: what it says of itself`, factProperties, async (property) => property.check(subject));
  chapter(runner, `${name}: its spec`, specProperties(subject), async (property) => property.check(subject));
  if (type.definitions !== undefined) chapter(runner, `${name}: its own definitions`, sourceProperties, (property) => checkOn(subject, property));
  if (type.runs === 'command') exerciseCommand(runner, subject);
  else if (type.runs === 'delegate') exerciseDelegate(runner, subject);
  else exerciseCode(runner, subject);
  if (foresees(type)) chapter(runner, `${name}: what is known before it runs`, foresightProperties, (property) => checkOn(subject, property));
}

function exerciseCode(runner: TestRunner, subject: JobTypeSubject): void {
  const { name } = subject.type;
  const samples: Samples = { runs: new Map() };
  const check = (property: CodeProperty): Promise<void> => checkOnBench(subject, samples, property);
  chapter(runner, `${name}: a run of it`, beginnings, check);
  chapter(runner, `${name}: a stop`, stops, check);
  chapter(runner, `${name}: the end of a run`, endings, check);
  chapter(runner, `${name}: its records and checkpoints`, records, check);
  chapter(runner, `${name}: several runs`, independence, check);
  for (const capability of CAPABILITIES) {
    if (isDeclared(subject.type, capability)) chapter(runner, `${name}: the capability ${capability}`, proofs[capability], check);
    else runner.describe(`${name}: the capability ${capability}`, () => listUndeclared(runner, capability, check));
  }
}

function exerciseCommand(runner: TestRunner, subject: JobTypeSubject): void {
  const { name } = subject.type;
  const check = (property: Property<JobTypeSubject>): Promise<void> => checkOn(subject, property);
  chapter(runner, `${name}: the program that it describes`, commandProperties, check);
  chapter(runner, `${name}: its programs at work`, commandRuns, check);
  exerciseDescribed(runner, subject, commandProofs, check);
}

function exerciseDelegate(runner: TestRunner, subject: JobTypeSubject): void {
  const { name } = subject.type;
  const check = (property: Property<JobTypeSubject>): Promise<void> => checkOn(subject, property);
  chapter(runner, `${name}: the job that it asks for`, delegateProperties, check);
  runner.describe(`${name}: the inner type`, () => {
    if (subject.plugins === undefined) skip(runner, 'ends as its inner job does: no `plugins` with the inner type were given');
    else for (const property of delegateRuns) runner.test(property.title, () => check(property));
  });
  exerciseDescribed(runner, subject, delegateProofs, check);
}

/** Of types that only describe, a few capabilities are more than a word of theirs. */
function exerciseDescribed(runner: TestRunner, { type }: JobTypeSubject, proven: Proofs, check: (property: Property<JobTypeSubject>) => Promise<void>): void {
  runner.describe(`${type.name}: its capabilities`, () => {
    for (const capability of CAPABILITIES) {
      if (!isDeclared(type, capability)) skip(runner, `${capability} is not declared`);
      else for (const property of proven[capability] ?? []) runner.test(property.title, () => check(property));
    }
  });
}

type Proofs = Readonly<Partial<Record<keyof Capabilities, readonly Property<JobTypeSubject>[]>>>;

function listUndeclared(runner: TestRunner, capability: keyof Capabilities, check: (property: CodeProperty) => Promise<void>): void {
  for (const { title } of proofs[capability]) skip(runner, `${title}: ${capability} is not declared`);
  const property = undeclared(capability);
  if (capability !== 'persist' && capability !== 'triggers') runner.test(property.title, () => check(property));
}

function isDeclared({ capabilities }: AnyJobType, capability: keyof Capabilities): boolean {
  return (capabilities as Capabilities | undefined)?.[capability] === true;
}

function chapter<P extends { readonly title: string }>(runner: TestRunner, title: string, properties: readonly P[], check: (property: P) => Promise<void>): void {
  runner.describe(title, () => {
    for (const property of properties) runner.test(property.title, () => check(property));
  });
}

async function checkOnBench(subject: JobTypeSubject, samples: Samples, property: CodeProperty): Promise<void> {
  const bench = new CodeBench(subject, () => childrenOf(subject), samples);
  await withoutStrays(async () => {
    try {
      await property.check(bench);
    } finally {
      await bench.close();
    }
  });
}

function checkOn(subject: JobTypeSubject, property: Property<JobTypeSubject>): Promise<void> {
  return withoutStrays(async () => property.check(subject));
}

async function withoutStrays(act: () => Promise<void>): Promise<void> {
  let failure: unknown;
  const { strays } = await withStrays(() => act().catch((cause: unknown) => void (failure = cause)));
  const exit = strays.find((stray) => stray instanceof ExitCalled);
  if (exit !== undefined) throw wrongly(shown(exit), 'Let start() resolve with an outcome: the process is the host’s, and others may be in it');
  if (failure !== undefined) throw failure;
  if (strays.length > 0) throw wrongly(`something failed where nobody waited for it: ${shown(strays[0])}`, 'Await every promise, or catch what it rejects with: in a host of its own this ends the run as Failed');
}
