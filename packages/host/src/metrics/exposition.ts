/** One value, and what tells it from the others of its family. */
export interface Sample {
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Values of one name. */
export type Family =
  | { readonly name: string; readonly help: string; readonly type: 'counter' | 'gauge'; readonly samples: readonly Sample[] }
  | { readonly name: string; readonly help: string; readonly type: 'histogram'; readonly histogram: Histogram };

/** How often a value was at or below each bound; not cumulated, the last count is of those above all bounds. */
export interface Histogram {
  readonly bounds: readonly number[];
  readonly counts: readonly number[];
  readonly sum: number;
}

export const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** The text that Prometheus reads, version 0.0.4. Pure. Source: prometheus.io/docs/instrumenting/exposition_formats. */
export function exposition(families: readonly Family[]): string {
  return families.map((family) => `# HELP ${family.name} ${escapedHelp(family.help)}\n# TYPE ${family.name} ${family.type}\n${linesOf(family)}`).join('');
}

function linesOf(family: Family): string {
  if (family.type !== 'histogram') return family.samples.map((sample) => line(family.name, sample)).join('');
  const { name, histogram: { bounds, counts, sum } } = family;
  let count = 0;
  const buckets = [...bounds, Infinity].map((bound, index) => line(`${name}_bucket`, { labels: { le: numberText(bound) }, value: (count += counts[index] ?? 0) }));
  return [...buckets, line(`${name}_sum`, { value: sum }), line(`${name}_count`, { value: count })].join('');
}

function line(name: string, { labels = {}, value }: Sample): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escapedLabel(text)}"`);
  return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${numberText(value)}\n`;
}

function numberText(value: number): string {
  return value === Infinity ? '+Inf' : value === -Infinity ? '-Inf' : String(value);
}

function escapedHelp(text: string): string {
  return text.replaceAll('\\', String.raw`\\`).replaceAll('\n', String.raw`\n`);
}

function escapedLabel(text: string): string {
  return escapedHelp(text).replaceAll('"', String.raw`\"`);
}
