import { suggest, type SpecIssue } from '@nightshift/sdk';
import { describe, isMap, placed } from './complaint.ts';
import { atLogOn, atStartup } from './schedules/at-event.ts';
import { cron } from './schedules/cron.ts';
import { daily } from './schedules/daily.ts';
import { every } from './schedules/every.ts';
import { once } from './schedules/once.ts';
import { weekly } from './schedules/weekly.ts';
import { readMap, type ReadKind, type Setting, type TriggerReading } from './trigger-kind.ts';
import { boolean, dayMatch, duration, triggerId, zoneName } from './trigger-values.ts';
import { hostZoneName, isZoneName, zoneOf } from './zone.ts';

const KINDS: Readonly<Record<string, ReadKind>> = { once, daily, weekly, atStartup, atLogOn, cron, every };
const KIND_NAMES = Object.keys(KINDS);
const ENTRY = { id: triggerId, enabled: boolean, timeZone: zoneName, randomDelay: duration, dayMatch };

/** What a trigger is checked against. */
export interface TriggerContext {
  /** Of the file or the configuration. Default: the zone of this machine; UTC where it has none that is known. */
  readonly timeZone: string | undefined;
  readonly now: Date;
}

/**
 * Everything that is wrong with one entry of `triggers:`, as plain data from YAML, and everything to be warned about.
 * Paths begin at the entry. Two entries with one id are not seen here.
 */
export function checkTrigger(trigger: unknown, context: TriggerContext): { readonly issues: readonly SpecIssue[]; readonly warnings: readonly SpecIssue[] } {
  const { issues, warnings } = readTrigger(trigger, context);
  return { issues, warnings };
}

/** What is wrong with the name of a zone; undefined when nothing is. Offsets and abbreviations are no names, `UTC` is. */
export function checkTimeZone(name: string): SpecIssue | undefined {
  const read = zoneName(name);
  return 'faults' in read ? read.faults[0] : undefined;
}

/** One entry of `triggers:`, ready for use if there is nothing wrong with it. */
export function readTrigger(trigger: unknown, context: TriggerContext): TriggerReading {
  if (!isMap(trigger)) {
    return { issues: [placed({ code: 'TriggerInvalid', message: `a trigger is a map, not ${describe(trigger)}`, hint: 'such as  daily: { at: "03:00" }' }, [])], warnings: [] };
  }
  const entry = readMap(trigger, ENTRY, { pathOf: (key) => [key], others: KIND_NAMES });
  const kinds = KIND_NAMES.filter((kind) => Object.hasOwn(trigger, kind));
  const setting = settingOf(entry.values, context);
  const readings = kinds.map((kind) => (KINDS[kind] as ReadKind)(kind, trigger[kind], setting));
  const issues = [...entry.issues, ...kindIssues(trigger, kinds), ...misplaced(trigger, kinds), ...readings.flatMap((reading) => reading.issues)];
  const [only] = readings;
  if (issues.length > 0 || only?.trigger === undefined) return { issues, warnings: readings.flatMap((reading) => reading.warnings) };
  return { issues, warnings: only.warnings, trigger: only.trigger };
}

function settingOf(values: Readonly<Record<string, unknown>>, { timeZone, now }: TriggerContext): Setting {
  const { timeZone: own, dayMatch: match, randomDelay } = values as { timeZone?: string; dayMatch?: Setting['dayMatch']; randomDelay?: number };
  const given = timeZone !== undefined && isZoneName(timeZone) ? timeZone : undefined;
  return { zone: zoneOf(own ?? given ?? hostZoneName() ?? 'UTC'), now, dayMatch: match, randomDelay };
}

function kindIssues(trigger: Readonly<Record<string, unknown>>, [first, ...others]: readonly string[]): readonly SpecIssue[] {
  if (first !== undefined) {
    return others.map((other) =>
      placed({ code: 'DefinitionKeysExclusive', message: `"${other}" stands beside "${first}"; a trigger has exactly one kind`, hint: 'write each as an entry of its own under triggers' }, [other], 'key'),
    );
  }
  // A misspelt kind has been complained about, with the right word.
  if (Object.keys(trigger).some((key) => KIND_NAMES.includes(suggest(key, KIND_NAMES) ?? ''))) return [];
  return [placed({ code: 'DefinitionKeyMissing', message: 'the trigger has no kind', hint: `write one of ${KIND_NAMES.join(', ')}` }, [])];
}

/** Keys that are known, but not beside this kind. */
function misplaced(trigger: Readonly<Record<string, unknown>>, kinds: readonly string[]): readonly SpecIssue[] {
  const issues: SpecIssue[] = [];
  if (Object.hasOwn(trigger, 'dayMatch') && kinds.length > 0 && !kinds.includes('cron')) {
    issues.push(placed({ code: 'DefinitionKeyUnknown', message: `"dayMatch" means nothing beside "${kinds[0]}"`, hint: 'it belongs to cron' }, ['dayMatch'], 'key'));
  }
  const twice = kinds.filter((kind) => isMap(trigger[kind]) && Object.hasOwn(trigger[kind], 'randomDelay') && Object.hasOwn(trigger, 'randomDelay'));
  for (const kind of twice) {
    issues.push(placed({ code: 'DefinitionKeysExclusive', message: `"randomDelay" stands in "${kind}" and beside it`, hint: 'write it once' }, ['randomDelay'], 'key'));
  }
  return issues;
}
