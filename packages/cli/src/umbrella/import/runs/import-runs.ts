import type { ForeignRun, Host, RunImportResult } from '@nightshift/host';
import { isJobError, type JobError } from '@nightshift/sdk';
import type { Parsed } from '../../../options/option-table.ts';
import { usage } from '../../../options/usage.ts';
import { writeJson } from '../../../print/json.ts';
import { writeError } from '../../../print/terminal.ts';
import { linesOf } from './lines.ts';
import { readRun } from './read-run.ts';

/** Flags of definitions that are imported. */
const NOT_WITH_RUNS = ['prefix', 'name', 'system', 'definition-path'] as const;

/** Brings finished runs in from the lines that `get-job --all -o jsonl` prints. Source: cli.md section 9. */
export async function importRuns(options: Parsed, host: () => Host, format: 'table' | 'json'): Promise<number> {
  const file = options.text('runs') as string;
  if (file === '') throw usage('ParameterArgumentValidationError', '--runs is empty', 'nightshift import --runs FILE');
  if (options.words.length > 0) throw usage('AmbiguousParameterSet', `--runs brings runs in, and "${options.words[0]}" definitions`, 'nightshift import --runs FILE');
  const foreign = NOT_WITH_RUNS.find((name) => options.has(name));
  if (foreign !== undefined) throw usage('InvalidParameterCombination', `--runs and --${foreign} cannot be used together`);
  const whatIf = options.isOn('what-if');
  const result = await (await host().runImport()).take(batchesOf(file), { file, whatIf });
  if (format === 'json') writeJson({ apiVersion: 1, imported: result.imported, known: result.known, unfinished: result.unfinished, pruned: result.pruned });
  else writeError(`${whatIf ? 'What if: ' : ''}import: ${summaryOf(result)}\n`);
  return 0;
}

/** Jobs that are looked at together. */
const BATCH = 500;
/** Mistakes that are told; somebody who gives a wrong file need not see each of its lines. */
const MOST_COMPLAINTS = 20;

async function* batchesOf(file: string): AsyncGenerator<readonly ForeignRun[]> {
  const complaints: JobError[] = [];
  let batch: ForeignRun[] = [];
  for (const line of linesOf(file)) {
    try {
      batch.push(readRun(line, file));
    } catch (cause) {
      if (!isJobError(cause)) throw cause;
      complaints.push(cause as JobError);
      if (complaints.length === MOST_COMPLAINTS) break;
    }
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (complaints.length > 0) throw new AggregateError(complaints, `${complaints.length} lines are wrong`);
  yield batch;
}

function summaryOf({ imported, known, unfinished, pruned }: RunImportResult): string {
  const parts = [
    imported === 0 ? 'nothing brought in' : `${imported} finished ${imported === 1 ? 'job' : 'jobs'} brought in, children counted`,
    ...(known === 0 ? [] : [`${known} left out that ${known === 1 ? 'is' : 'are'} known already`]),
    ...(unfinished === 0 ? [] : [`${unfinished} left out that had not ended`]),
    ...(pruned === 0 ? [] : [`${pruned} removed beyond the maxResultCount of their definitions`]),
  ];
  return parts.join('; ');
}
