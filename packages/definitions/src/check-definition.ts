import type { BrokenDefinition, Definition } from '@nightshift/sdk';
import { checkIds, checkMeaning, type TriggerContext } from './check-triggers.ts';
import { checkMap } from './check-value.ts';
import type { Complain, Complaint } from './complaint.ts';
import { decodeText } from './decode-text.ts';
import { BELONGS_TO, DEFINITION_KEYS } from './definition-keys.ts';
import { reportDoubts } from './doubts.ts';
import { quoted } from './quoted.ts';
import { readYaml } from './read-yaml.ts';
import { type SourceText, sourceText } from './source-text.ts';
import { isTimeZone } from './time-zone.ts';
import { firstKey, type MapNode, plainCopy, spanAt, type Tree } from './tree.ts';

/** What is known of a definition before its file is read. */
export interface DefinitionFacts {
  readonly key: string;
  readonly name: string;
  readonly location: string;
  readonly baseFolder: string;
}

const DEFAULT_TYPE = 'ScheduledJob';

/** Turns the bytes of a file into a definition, or into everything that is wrong with it. */
export function checkDefinition(bytes: Uint8Array, facts: DefinitionFacts, context: TriggerContext): Definition | BrokenDefinition {
  const { text, complaint } = decodeText(bytes);
  const source = sourceText(facts.location, text);
  if (complaint !== undefined) return broken(facts, source, { errors: [complaint], warnings: [] });
  const { tree, complaints } = readYaml(text);
  if (tree === undefined) return broken(facts, source, { errors: complaints, warnings: [] });
  if (tree.kind !== 'map') return broken(facts, source, { errors: [...complaints, notAMap(text, tree)], warnings: [] });
  const checked = checkTree(text, tree, complaints, context);
  if (checked.errors.length > 0) return broken(facts, source, checked, tree);
  return definitionOf(facts, source, checked, tree);
}

interface Checked {
  readonly values: Readonly<Record<string, unknown>>;
  readonly errors: readonly Complaint[];
  readonly warnings: readonly Complaint[];
}

function checkTree(text: string, tree: MapNode, complaints: readonly Complaint[], context: TriggerContext): Checked {
  const errors = [...complaints];
  const warnings: Complaint[] = [];
  const complain: Complain = (complaint) => void errors.push(complaint);
  const values = checkMap({ keys: DEFINITION_KEYS }, tree, firstKey(tree), complain, hintForStray);
  reportDoubts(text, tree, (warning) => void warnings.push(warning));
  const triggers = tree.entries.get('triggers')?.value;
  if (triggers?.kind === 'list') {
    const meaning = checkMeaning(triggers, { ...context, timeZone: zoneOf(values) ?? context.timeZone }, errors);
    checkIds(triggers, complain);
    errors.push(...meaning.issues);
    warnings.push(...meaning.warnings);
  }
  return { values, errors, warnings };
}

function hintForStray(key: string): string | undefined {
  const home = Object.entries(BELONGS_TO).find(([, keys]) => keys.includes(key))?.[0];
  return home && `write it under ${quoted(home)}, ${home === 'triggers' ? 'behind "- "' : 'indented deeper'}`;
}

/** A wrong zone is complained about where it stands, and not again for each trigger. */
function zoneOf(values: Readonly<Record<string, unknown>>): string | undefined {
  const zone = values['timeZone'];
  return typeof zone === 'string' && isTimeZone(zone) ? zone : undefined;
}

function notAMap(text: string, node: Tree): Complaint {
  const hint = node.kind === 'scalar' && /^\w+:\S/.test(text.slice(node.start, node.start + 80)) ? 'write a blank after ":"' : undefined;
  const message = `a definition is a map with the key "job", not a ${node.kind === 'list' ? 'list' : 'single value'}`;
  return { code: 'DefinitionValueInvalid', message, ...(hint === undefined ? {} : { hint }), start: node.start, end: node.end };
}

function definitionOf(facts: DefinitionFacts, source: SourceText, { values, warnings }: Checked, tree: MapNode): Definition {
  const { job, type, ...rest } = values as unknown as Omit<Partial<Definition>, 'spec'> & { readonly job: unknown };
  return {
    ...rest,
    ...facts,
    type: type ?? DEFAULT_TYPE,
    spec: job,
    ...(warnings.length === 0 ? {} : { warnings: inOrder(warnings).map(source.facts) }),
    place: placesIn(tree, source),
  };
}

function placesIn(tree: MapNode, source: SourceText): NonNullable<Definition['place']> {
  return (path, at = 'value') => source.place(spanAt(tree, path, at));
}

function broken({ name, location, baseFolder }: DefinitionFacts, source: SourceText, { errors, warnings }: Omit<Checked, 'values'>, tree?: MapNode): BrokenDefinition {
  const type = tree && typeOf(tree);
  const job = tree?.entries.get('job')?.value;
  return {
    name,
    location,
    ...(type === undefined ? {} : { type }),
    ...(tree === undefined || job?.kind !== 'map' ? {} : { spec: plainCopy(job), baseFolder, place: placesIn(tree, source) }),
    errors: inOrder(errors).map(source.facts),
    ...(warnings.length === 0 ? {} : { warnings: inOrder(warnings).map(source.facts) }),
  };
}

function typeOf(tree: MapNode): string | undefined {
  const type = tree.entries.get('type')?.value;
  if (type === undefined) return DEFAULT_TYPE;
  return type.kind === 'scalar' && typeof type.value === 'string' ? type.value : undefined;
}

function inOrder(complaints: readonly Complaint[]): readonly Complaint[] {
  return complaints.toSorted((a, b) => a.start - b.start);
}
