/** Unit files of systemd: sections of NAME=VALUE, a backslash at the end of a line goes on in the next. systemd.syntax(7). */
import { foreign, type Source } from '../source-file.ts';

export interface Setting {
  readonly key: string;
  readonly value: string;
  /** file:line. */
  readonly place: string;
}

export interface UnitFile {
  readonly source: Source;
  readonly sections: ReadonlyMap<string, readonly Setting[]>;
}

/** Throws `DefinitionSyntaxError` for a line that belongs to no unit file. */
export function readUnit(source: Source): UnitFile {
  const sections = new Map<string, Setting[]>();
  let current: Setting[] | undefined;
  for (const { text, line } of joinedLines(source)) {
    const name = /^\[([^[\]]+)\]$/.exec(text)?.[1];
    const parts = /^([^=\s]+)\s*=\s*(.*)$/s.exec(text);
    if (name !== undefined) sections.set(name, (current = sections.get(name) ?? []));
    else if (parts !== null && current !== undefined) current.push({ key: parts[1] as string, value: (parts[2] as string).trimEnd(), place: source.at(line) });
    else throw foreign(source, line, 'this is no line of a unit file: neither [SECTION] nor NAME=VALUE in one');
  }
  return { source, sections };
}

/** What counts of a line, and its number; comments may stand between the parts of a long one. */
function* joinedLines({ lines }: Source): Generator<{ text: string; line: number }> {
  let open: { text: string; line: number } | undefined;
  for (const [index, raw] of lines.entries()) {
    const text = raw.trim();
    if (/^[#;]/.test(text) || (text === '' && open === undefined)) continue;
    const long = text.endsWith('\\');
    const part = long ? `${text.slice(0, -1).trimEnd()} ` : text;
    const whole = open === undefined ? { text: part, line: index + 1 } : { text: open.text + part, line: open.line };
    open = long ? whole : undefined;
    if (!long) yield whole;
  }
  if (open !== undefined) yield { ...open, text: open.text.trimEnd() };
}

/** Every value of a key in order; an empty one takes back those before it. */
export function valuesOf(unit: UnitFile | undefined, section: string, ...keys: readonly string[]): readonly Setting[] {
  const found: Setting[] = [];
  for (const setting of unit?.sections.get(section) ?? []) {
    if (!keys.includes(setting.key)) continue;
    if (setting.value === '') found.length = 0;
    else found.push(setting);
  }
  return found;
}

/** The last value of a key, which is the one that counts. */
export function valueOf(unit: UnitFile | undefined, section: string, key: string): Setting | undefined {
  return valuesOf(unit, section, key).at(-1);
}

/** yes, true, on, 1. */
export function isYes(setting: Setting | undefined): boolean {
  return setting !== undefined && /^(?:1|yes|y|true|t|on)$/i.test(setting.value);
}
