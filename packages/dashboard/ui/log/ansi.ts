import { visible } from '../words/safe-text.ts';

/** A run of letters in one look. */
export interface Span {
  readonly text: string;
  /** Names of classes of ours; nothing of them comes from the text. */
  readonly look: string;
}

interface Pen {
  colour: number | undefined;
  ground: number | undefined;
  readonly traits: Set<string>;
}

// oxlint-disable-next-line no-control-regex -- escape sequences are what it looks for
const SGR = /\u001b\[([\d;:]*)m/g;
const TRAITS: Readonly<Record<number, string>> = { 1: 'bold', 2: 'dim', 3: 'italic', 4: 'under', 7: 'inverse', 9: 'struck' };

/**
 * Colours are read; every other escape sequence stands there as its code and does nothing. Sixteen colours are ours, which
 * can be read on the ground by day and by night; the others become the nearest of them.
 */
export function spansOf(line: string): readonly Span[] {
  const text = line.endsWith('\r') ? line.slice(0, -1) : line;
  if (!text.includes('\u001b[')) return [{ text: visible(text), look: '' }];
  const pen: Pen = { colour: undefined, ground: undefined, traits: new Set() };
  const spans: Span[] = [];
  let from = 0;
  for (const match of text.matchAll(SGR)) {
    if (match.index > from) spans.push({ text: visible(text.slice(from, match.index)), look: lookOf(pen) });
    apply(pen, (match[1] as string).split(/[;:]/).map(Number));
    from = match.index + match[0].length;
  }
  if (from < text.length) spans.push({ text: visible(text.slice(from)), look: lookOf(pen) });
  return spans;
}

/** The text without its colours; what else is in it stays. */
export function plainText(line: string): string {
  return line.replace(SGR, '').replace(/\r$/, '');
}

function lookOf({ colour, ground, traits }: Pen): string {
  return [...(colour === undefined ? [] : [`ansi-${colour}`]), ...(ground === undefined ? [] : [`ansi-on-${ground}`]), ...[...traits].map((trait) => `ansi-${trait}`)].join(' ');
}

function apply(pen: Pen, codes: number[]): void {
  for (let at = 0; at < codes.length; at += 1) {
    const code = codes[at] as number;
    if (code === 38 || code === 48) {
      const [colour, used] = further(codes.slice(at + 1));
      pen[code === 38 ? 'colour' : 'ground'] = colour;
      at += used;
    } else one(pen, code);
  }
}

function one(pen: Pen, code: number): void {
  const trait = TRAITS[code];
  if (code === 0) [pen.colour, pen.ground] = [undefined, undefined];
  if (code === 0) pen.traits.clear();
  else if (trait !== undefined) pen.traits.add(trait);
  else if (code === 22) for (const weight of ['bold', 'dim']) pen.traits.delete(weight);
  else if (code >= 23 && code <= 29) pen.traits.delete(TRAITS[code - 20] ?? '');
  else if (code >= 30 && code <= 37) pen.colour = code - 30;
  else if (code >= 90 && code <= 97) pen.colour = code - 90 + 8;
  else if (code === 39) pen.colour = undefined;
  else if (code >= 40 && code <= 47) pen.ground = code - 40;
  else if (code >= 100 && code <= 107) pen.ground = code - 100;
  else if (code === 49) pen.ground = undefined;
}

/** Of `38;5;N` and `38;2;R;G;B`: the nearest colour of ours, and how many numbers that took. */
function further([kind, ...rest]: readonly number[]): readonly [number | undefined, number] {
  if (kind === 5) return [fromPalette(rest[0] ?? 0), 2];
  if (kind === 2) return [nearest(rest[0] ?? 0, rest[1] ?? 0, rest[2] ?? 0), 4];
  return [undefined, 1];
}

function fromPalette(number: number): number | undefined {
  if (number < 16) return number;
  if (number >= 232) return number < 240 ? 8 : number < 250 ? 7 : 15;
  const cube = number - 16;
  return nearest(Math.floor(cube / 36) * 51, (Math.floor(cube / 6) % 6) * 51, (cube % 6) * 51);
}

function nearest(red: number, green: number, blue: number): number {
  const most = Math.max(red, green, blue);
  if (most - Math.min(red, green, blue) < 32) return most < 96 ? 8 : most < 200 ? 7 : 15;
  const half = (most + Math.min(red, green, blue)) / 2;
  return (red > half ? 1 : 0) + (green > half ? 2 : 0) + (blue > half ? 4 : 0);
}
