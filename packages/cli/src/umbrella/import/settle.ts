/**
 * From drafts to texts that pass as definition files. Our own readers have the last word: a trigger that they refuse is lost,
 * and so is a definition that they refuse without its triggers. All others are written.
 */
import { join } from 'node:path';
import type { Authoring } from '@nightshift/host';
import { isJobError, uniqueNames } from '@nightshift/sdk';
import { definitionParts, isEnabled } from './definition-value.ts';
import type { Draft, Reading } from './draft.ts';
import { quoted, type Remark, type ReportLine } from './remarks.ts';
import { warnOfSecrets } from './written-secrets.ts';

/** A definition that passed. */
export interface Settled {
  readonly name: string;
  /** Absolute path of its file. */
  readonly path: string;
  readonly text: string;
  readonly enabled: boolean;
}

export interface Settlement {
  readonly definitions: readonly Settled[];
  readonly report: readonly ReportLine[];
}

export interface SettleRequest {
  /** Absolute. */
  readonly folder: string;
  readonly prefix: string;
  /** In place of what the drafts wish for. */
  readonly name?: string;
}

type Judge = Pick<Authoring, 'definitionText' | 'checkText'>;

export async function settle({ drafts, remarks }: Reading, { folder, prefix, name: given }: SettleRequest, judge: Judge): Promise<Settlement> {
  const names = uniqueNames(drafts.map((draft) => (given === undefined ? draft.names : [given])), prefix);
  const definitions: Settled[] = [];
  const report = remarks.map((remark) => lineOf(null, remark));
  for (const [index, draft] of drafts.entries()) {
    const name = names[index] as string;
    const path = join(folder, `${name}.yaml`);
    const { settled, text } = await pass(inOrder(warnOfSecrets(draft)), path, judge);
    report.push(...settled.remarks.map((remark) => lineOf(name, remark)));
    if (text !== undefined) definitions.push({ name, path, text, enabled: isEnabled(settled) });
  }
  return { definitions, report };
}

function lineOf(definition: string | null, { severity, place, text }: Remark): ReportLine {
  return { definition, place, severity, text };
}

async function pass(draft: Draft, path: string, judge: Judge): Promise<{ settled: Draft; text?: string }> {
  const first = await judged(draft, path, judge);
  if (first.fault === undefined) return { settled: draft, text: first.text };
  const settled = await withoutRefusedTriggers(draft, path, judge);
  const second = await judged(settled, path, judge);
  if (second.fault === undefined) return { settled, text: second.text };
  return { settled: withRemark(settled, { severity: 'trigger-lost', place: draft.place, text: `no definition was written for this: ${second.fault}` }) };
}

async function judged(draft: Draft, path: string, { definitionText, checkText }: Judge): Promise<{ text: string; fault?: string }> {
  try {
    const { value, comments } = definitionParts(draft);
    const text = definitionText(value, comments);
    const [error] = (await checkText(path, text)).errors;
    return error === undefined ? { text } : { text, fault: error.message };
  } catch (cause) {
    // A value that YAML cannot say, such as a control character that another format allowed.
    if (isJobError(cause)) return { text: '', fault: cause.message };
    throw cause;
  }
}

async function withoutRefusedTriggers(draft: Draft, path: string, judge: Judge): Promise<Draft> {
  const faults = await Promise.all(draft.triggers.map(async (trigger) => (await judged({ ...draft, description: '', job: { command: ['true'] }, options: {}, remarks: [], triggers: [trigger] }, path, judge)).fault));
  const kept = draft.triggers.flatMap((_, index) => (faults[index] === undefined ? [index] : []));
  const refused = draft.triggers.flatMap(({ place, source }, index): Remark[] => {
    const fault = faults[index];
    return fault === undefined ? [] : [{ severity: 'trigger-lost', place, text: `${quoted(source)} has no equal: ${fault}`, at: 'triggers' }];
  });
  return inOrder({ ...draft, triggers: kept.map((index) => draft.triggers[index] as Draft['triggers'][number]), remarks: [...draft.remarks.map((remark) => moved(remark, kept)), ...refused] });
}

/** Comments follow their trigger; those of one that is gone stand before all of them. */
function moved(remark: Remark, kept: readonly number[]): Remark {
  const index = /^triggers\.(\d+)/.exec(remark.at ?? '')?.[1];
  if (index === undefined) return remark;
  const now = kept.indexOf(Number(index));
  return { ...remark, at: now === -1 ? 'triggers' : `triggers.${now}` };
}

/** Remarks in the order of the source's lines. */
function inOrder(draft: Draft): Draft {
  const files = [...new Set(draft.remarks.map(({ place }) => fileOf(place)))];
  const rank = ({ place }: Remark): number => files.indexOf(fileOf(place)) * 1e7 + Number(/\d+$/.exec(place)?.[0] ?? 0);
  return { ...draft, remarks: draft.remarks.toSorted((a, b) => rank(a) - rank(b)) };
}

function fileOf(place: string): string {
  return place.replace(/:\d+$/, '');
}

function withRemark(draft: Draft, remark: Remark): Draft {
  return { ...draft, remarks: [...draft.remarks, remark] };
}
