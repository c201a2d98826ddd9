import { isFinished, JobError, type ImportedRun, type ImportRequest, type ImportResult, type Instance } from '@nightshift/sdk';

/** What of a file is taken in, in the order of the old ids, and what is left out. */
export interface TakenIn extends ImportResult {
  /** `parent`: the instance id of a child's parent, which may have been here before. */
  readonly wanted: readonly { readonly run: ImportedRun; readonly parent?: string }[];
}

/** Reads every batch before anything is taken in. `isKnown`: whether this store has an instance. */
export async function wantedRuns(batches: AsyncIterable<readonly ImportedRun[]>, { file }: ImportRequest, isKnown: (instanceId: string) => boolean): Promise<TakenIn> {
  const byId = new Map<number, ImportedRun>();
  let twice = 0;
  for await (const batch of batches) {
    for (const run of batch) {
      const before = byId.get(run.id);
      if (before !== undefined && before.instanceId !== run.instanceId) throw wrong(file, run, `the id ${run.id} is that of another job in line ${before.line}`);
      if (before === undefined) byId.set(run.id, structuredClone(run));
      else twice += 1;
    }
  }
  const runs = [...byId.values()].toSorted((a, b) => a.id - b.id);
  for (const run of runs) refuseOrphan(file, run, byId);
  const parentOf = ({ parentId }: ImportedRun): ImportedRun | undefined => (parentId === undefined ? undefined : byId.get(parentId));
  const isUnfinished = (run: ImportedRun): boolean => !isFinished(run.state) || (parentOf(run) !== undefined && !isFinished((parentOf(run) as ImportedRun).state));
  const isElsewhere = (run: ImportedRun): boolean => run.isKnown === true && !isKnown(run.instanceId);
  const isLeftOut = (run: ImportedRun): boolean => run.isKnown === true || isKnown(run.instanceId) || (parentOf(run) !== undefined && isElsewhere(parentOf(run) as ImportedRun));
  const finished = runs.filter((run) => !isUnfinished(run));
  const wanted = finished.filter((run) => !isLeftOut(run));
  const definitions = [...new Set(wanted.flatMap(({ definition, parentId }) => (definition === undefined || parentId !== undefined ? [] : [definition.key])))].toSorted();
  const withParents = wanted.map((run) => ({ run, ...(parentOf(run) === undefined ? {} : { parent: (parentOf(run) as ImportedRun).instanceId }) }));
  return { wanted: withParents, imported: wanted.length, known: finished.length - wanted.length + twice, unfinished: runs.length - finished.length, definitions };
}

/** An imported run under its new id: it never ran here. */
export function rowOf({ line: _line, attempts: _attempts, isKnown: _isKnown, ...run }: ImportedRun, id: number, parentId: number | undefined): Instance {
  return { ...run, id, ...(parentId === undefined ? {} : { parentId, origin: { kind: 'parent', parentId } }) };
}

function refuseOrphan(file: string, run: ImportedRun, byId: ReadonlyMap<number, ImportedRun>): void {
  if (run.parentId === undefined) return;
  const parent = byId.get(run.parentId);
  if (parent === undefined || parent.id >= run.id) throw wrong(file, run, `this job is a child of job ${run.parentId}, which is not in the file`);
  if (parent.parentId !== undefined) throw wrong(file, run, `this job is a child of job ${run.parentId}, which is a child itself`);
}

function wrong(file: string, { line }: ImportedRun, message: string): JobError {
  return new JobError({ code: 'DefinitionValueInvalid', message, file, line, column: 1 });
}
