import { checkDefinition, describeDefinition, quoted, textOf, type DefinitionFiles, type Registry } from '@nightshift/core';
import { openTrigger } from '@nightshift/scheduler';
import { isJobError, type Clock, type Definition } from '@nightshift/sdk';
import { optionView, type OptionView } from './options-view.ts';
import type { SelectedDefinition } from './select.ts';
import type { TriggerEntry } from './trigger-entry.ts';
import { triggerViews, type TriggerView } from './trigger-view.ts';

/** A definition as it is printed. Source: scheduled-jobs.md section 11. */
export interface DefinitionView {
  /** Position of its name in the listing: not stable. */
  readonly id: number;
  readonly key: string;
  readonly name: string;
  /** Its file, absolute. */
  readonly path: string;
  readonly type: string;
  readonly description: string;
  /** As get-job shows it of its runs. */
  readonly command: string;
  readonly enabled: boolean;
  readonly maxResultCount: number;
  readonly triggers: readonly TriggerView[];
  readonly options: OptionView;
  /** The first due time after now of all triggers that are enabled, ISO 8601 UTC; null: none, or not to be foreseen. */
  readonly nextDueAt: string | null;
}

export interface ViewParts {
  readonly types: Registry;
  /** For looking at: whose command may run is asked when it is to run. */
  readonly files: DefinitionFiles;
  readonly clock: Pick<Clock, 'now'>;
  /** Of triggers that name none, and whose files name none. */
  readonly timeZone: () => string;
}

const MAX_RESULT_COUNT = 32;

/** The view of a definition that was judged to be right. */
export async function definitionView(parts: ViewParts, { id, key, name, file }: Omit<SelectedDefinition, 'found'>, definition: Definition): Promise<DefinitionView> {
  const { type, description = '', enabled = true, maxResultCount = MAX_RESULT_COUNT, triggers = [], options = {} } = definition;
  return {
    id,
    key,
    name,
    path: file,
    type: parts.types.find(type)?.type.name ?? type,
    description,
    command: await commandOf(parts, definition),
    enabled,
    maxResultCount,
    triggers: triggerViews(triggers as readonly TriggerEntry[], name),
    options: optionView(options),
    nextDueAt: nextDueAt(parts, definition)?.toISOString() ?? null,
  };
}

/** What cannot be described on this machine, or only by a plugin, is shown as it is written. */
async function commandOf({ types, files }: ViewParts, definition: Definition): Promise<string> {
  const subject = types.find(definition.type) === undefined ? [] : await checkDefinition(types, definition);
  if ('length' in subject) return writtenCommand(definition);
  try {
    return textOf(await describeDefinition(files, subject, definition));
  } catch (cause) {
    if (isJobError(cause)) return writtenCommand(definition);
    throw cause;
  }
}

function writtenCommand({ spec }: Definition): string {
  const { command, scriptBlock, filePath } = (spec ?? {}) as { readonly command?: unknown; readonly scriptBlock?: unknown; readonly filePath?: unknown };
  const words = [command].flat();
  if (command !== undefined && words.every((word) => typeof word === 'string')) return quoted(words);
  return String(scriptBlock ?? filePath ?? '');
}

/** By the arithmetic of `nightshift next`: a trigger that counts from the moment it was first seen counts from now. */
function nextDueAt({ clock, timeZone }: ViewParts, { enabled = true, triggers = [], timeZone: own }: Definition): Date | undefined {
  if (!enabled) return undefined;
  const now = clock.now();
  const entries = triggers as readonly { readonly enabled?: boolean; readonly timeZone?: string }[];
  const times = entries.flatMap((entry) => {
    if (entry.enabled === false) return [];
    return openTrigger(entry, { timeZone: entry.timeZone ?? own ?? timeZone(), now, knownSince: now }).next(now)?.dueAt.getTime() ?? [];
  });
  return times.length === 0 ? undefined : new Date(Math.min(...times));
}
