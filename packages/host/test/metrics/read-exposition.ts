/** Reads the text format 0.0.4 of Prometheus as its page says it, and throws where a text is not in it. Made without a look at what writes it. */

export interface ReadSample { readonly name: string; readonly labels: Readonly<Record<string, string>>; readonly value: number }
export interface ReadFamily { readonly name: string; readonly type: string; readonly help: string; readonly samples: ReadSample[] }

export function readExposition(text: string): ReadonlyMap<string, ReadFamily> {
  if (!text.endsWith('\n')) throw new Error('the last line has no end');
  const families = new Map<string, ReadFamily>();
  let help: readonly [name: string, text: string] | undefined;
  let family: ReadFamily | undefined;
  for (const line of text.slice(0, -1).split('\n')) {
    const [, about, subject = '', rest = ''] = /^# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) ([^]*)$/.exec(line) ?? [];
    if (about === 'HELP') help = [subject, unescaped(rest, '')];
    else if (about === 'TYPE') {
      if (!['counter', 'gauge', 'histogram', 'summary', 'untyped'].includes(rest)) throw new Error(`no type: ${line}`);
      if (families.has(subject) || help?.[0] !== subject) throw new Error(`${subject} comes twice, or has no help`);
      family = { name: subject, type: rest, help: help[1], samples: [] };
      families.set(subject, family);
    } else if (family === undefined) throw new Error(`a sample without a family: ${line}`);
    else family.samples.push(sampleIn(line, family));
  }
  for (const one of families.values()) check(one);
  return families;
}

function sampleIn(line: string, { name: family, type }: ReadFamily): ReadSample {
  const [, name = '', labels = '', value = ''] = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{((?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\]|\\[\\"n])*",?)*)\})? (\S+)$/.exec(line) ?? [];
  const suffix = name.slice(family.length);
  if (!name.startsWith(family) || !(type === 'histogram' ? ['_bucket', '_sum', '_count'] : ['']).includes(suffix)) throw new Error(`not of ${family}: ${line}`);
  const pairs = [...labels.matchAll(/([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"/g)].map(([, key, text]) => [key as string, unescaped(text as string, '"')] as const);
  if (new Set(pairs.map(([key]) => key)).size !== pairs.length) throw new Error(`a label comes twice: ${line}`);
  const number = value === '+Inf' ? Infinity : value === '-Inf' ? -Infinity : Number(value);
  if (value === '' || (Number.isNaN(number) && value !== 'NaN')) throw new Error(`no number: ${line}`);
  return { name, labels: Object.fromEntries(pairs), value: number };
}

function unescaped(text: string, also: string): string {
  return text.replaceAll(/\\(.)/g, (_, letter: string) => {
    if (letter === 'n') return '\n';
    if (letter === '\\' || letter === also) return letter;
    throw new Error(`no escape: \\${letter}`);
  });
}

function check({ name, type, samples }: ReadFamily): void {
  const keys = samples.map((sample) => `${sample.name} ${JSON.stringify(Object.entries(sample.labels).toSorted())}`);
  if (new Set(keys).size !== keys.length) throw new Error(`${name} has a sample twice`);
  if (type === 'counter' && !name.endsWith('_total')) throw new Error(`${name} counts, and does not say so`);
  if (type !== 'histogram') return;
  const buckets = samples.filter((sample) => sample.name === `${name}_bucket`);
  const bounds = buckets.map(({ labels }) => (labels['le'] === '+Inf' ? Infinity : Number(labels['le'])));
  const isRising = (numbers: readonly number[]): boolean => numbers.every((one, index) => index === 0 || one >= (numbers[index - 1] as number));
  if (!isRising(bounds) || bounds.at(-1) !== Infinity || !isRising(buckets.map(({ value }) => value))) throw new Error(`${name} does not rise`);
  if (samples.find((sample) => sample.name === `${name}_count`)?.value !== buckets.at(-1)?.value) throw new Error(`${name} has another count`);
}

/** The value of the one sample with these labels. */
export function valueOf(families: ReadonlyMap<string, ReadFamily>, name: string, labels: Readonly<Record<string, string>> = {}): number | undefined {
  const family = families.get(name) ?? families.get(name.replace(/_(?:bucket|sum|count)$/, ''));
  return family?.samples.find((sample) => sample.name === name && Object.entries(labels).every(([key, text]) => sample.labels[key] === text))?.value;
}
