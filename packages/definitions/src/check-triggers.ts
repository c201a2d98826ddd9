import type { SpecIssue } from '@nightshift/sdk';
import type { Complain, Complaint } from './complaint.ts';
import { type ListNode, plainCopy, spanAt, type Tree } from './tree.ts';

/** What is wrong (issues) or doubtful (warnings) about one trigger; `path` is relative to the trigger. */
export type CheckTrigger = (
  trigger: unknown,
  context: { readonly timeZone: string | undefined; readonly now: Date },
) => { readonly issues: readonly SpecIssue[]; readonly warnings: readonly SpecIssue[] };

export interface TriggerContext {
  readonly checkTrigger: CheckTrigger;
  /** Zone of triggers that name none. */
  readonly timeZone: string | undefined;
  readonly now: Date;
}

/** No id may be given twice; those without one have their position, from 1, as id. */
export function checkIds(list: ListNode, complain: Complain): void {
  const owners = new Map<number, Tree | undefined>();
  for (const [index, item] of list.items.entries()) {
    const given = item.kind === 'map' ? item.entries.get('id')?.value : undefined;
    const id = given === undefined ? index + 1 : given.kind === 'scalar' && typeof given.value === 'number' ? given.value : undefined;
    if (id === undefined) continue;
    // Of two equal ids the written one is to blame; of two written ones the second.
    const blamed = given ?? owners.get(id);
    if (owners.has(id) && blamed !== undefined) {
      complain({ code: 'TriggerInvalid', message: `two triggers have the id ${id}`, hint: 'a trigger without "id" has its position as id', start: blamed.start, end: blamed.end });
    }
    owners.set(id, given);
  }
}

/** Which keys stand in a trigger is a matter of its shape, which has been looked at. */
const OF_SHAPE = /^DefinitionKey/;

/** Asks what the triggers mean. `known` are the complaints about their shape: what is wrong there already is not repeated. */
export function checkMeaning(list: ListNode, context: TriggerContext, known: readonly Complaint[]): { issues: readonly Complaint[]; warnings: readonly Complaint[] } {
  const issues: Complaint[] = [];
  const warnings: Complaint[] = [];
  const taken = known.map(({ start }) => start);
  const isTaken = ({ start, end }: Complaint): boolean => taken.some((place) => place >= start && (place < end || place === start));
  for (const item of list.items) {
    if (item.kind !== 'map') continue;
    // The same complaint about a map may come back at its key.
    for (const { key, value } of item.entries.values()) if (taken.includes(key.start)) taken.push(value.start);
    const answer = context.checkTrigger(plainCopy(item), { timeZone: context.timeZone, now: context.now });
    issues.push(...answer.issues.map((issue) => complaintOf(item, issue)).filter((complaint) => !OF_SHAPE.test(complaint.code) && !isTaken(complaint)));
    warnings.push(...answer.warnings.map((warning) => complaintOf(item, warning)));
  }
  return { issues, warnings };
}

function complaintOf(item: Tree, { code, message, hint, path, at }: SpecIssue): Complaint {
  const parts = (path ?? []).map((part) => (typeof part === 'object' ? part.key : part));
  const { start, end } = spanAt(item, parts, parts.length === 0 ? 'key' : (at ?? 'value'));
  return { code: code ?? 'TriggerInvalid', message, ...(hint === undefined ? {} : { hint }), start, end };
}
