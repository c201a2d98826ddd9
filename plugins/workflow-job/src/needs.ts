/** Who needs whom: from names as they are written to steps that are there, and no circle. Pure. */
import { asciiLower, suggest } from '@nightshift/sdk';
import type { Place } from './complaint.ts';
import type { Step, WrittenStep } from './step.ts';

/** Fills in what each step needs; complains about a name that two steps have, a need that is no step, and each circle once. */
export function connect(written: readonly WrittenStep[], place: Place): readonly Step[] {
  // Names are compared without case, like all names; of two steps with one name the first has it.
  const byName = new Map(written.map(({ name }, index) => [asciiLower(name), index] as const).toReversed());
  const unique = complainAboutNames(written, byName, place);
  const steps = written.map((step, index) => ({ ...step, needs: needsOf(step, index, written, byName, place.inside(index)) }));
  const isWritten = (name: string | undefined): boolean => written.some((step) => step.name === name && step.needs !== undefined);
  if (unique) complainAboutCircles(steps, isWritten, place);
  return steps;
}

function needsOf({ needs }: WrittenStep, index: number, written: readonly WrittenStep[], byName: ReadonlyMap<string, number>, place: Place): readonly string[] {
  if (needs === undefined) return written.slice(Math.max(0, index - 1), index).map(({ name }) => name);
  const found = needs.flatMap((name, at) => written[byName.get(asciiLower(name)) ?? -1]?.name ?? complainAboutNeed(name, written, place.inside('needs', at)) ?? []);
  return [...new Set(found)];
}

function complainAboutNeed(name: string, written: readonly WrittenStep[], place: Place): undefined {
  const near = suggest(name, written.map((step) => step.name));
  return place.complain(`names no step: there is no ${JSON.stringify(name.slice(0, 80))}`, { hint: near === undefined ? `the steps are ${written.map((step) => step.name).slice(0, 10).join(', ')}` : `did you mean "${near}"?` });
}

function complainAboutNames(written: readonly WrittenStep[], byName: ReadonlyMap<string, number>, place: Place): boolean {
  const twice = written.flatMap(({ name }, index) => {
    const first = byName.get(asciiLower(name)) as number;
    return first === index ? [] : [{ name, index, first }];
  });
  for (const { name, index, first } of twice) place.inside(index, 'name').complain(`is the name of two steps: ${JSON.stringify(name)} is step ${first + 1} already`);
  return twice.length === 0;
}

/** At a need that is written: every circle has one, since by default a step needs one that stands before it. */
function complainAboutCircles(steps: readonly Step[], isWritten: (name: string | undefined) => boolean, place: Place): void {
  for (const found of circlesOf(steps)) {
    const first = found.findIndex(isWritten);
    const circle = [...found.slice(first), ...found.slice(1, first + 1)];
    const index = steps.findIndex(({ name }) => name === circle[0]);
    const at = Math.max(0, steps[index]?.needs.indexOf(circle[1] as string) ?? 0);
    place.inside(index, 'needs', at).complain(`goes round in a circle: ${circle.join(' -> ')}`, { hint: 'a step can only need steps that do not wait for it' });
  }
}

/** One circle of each knot of steps that wait for each other, as names from a step to itself again; a step that needs itself is one. */
export function circlesOf(steps: readonly Step[]): readonly (readonly string[])[] {
  const needsOfStep = new Map(steps.map(({ name, needs }) => [name, needs]));
  const done = new Set<string>();
  const circles: (readonly string[])[] = [];
  for (const { name } of steps) {
    const circle = circleFrom(name, needsOfStep, done);
    if (circle !== undefined) circles.push(circle);
  }
  return circles;
}

/** Walks down what `start` needs, without recursion: a chain may be a thousand steps long. Everything on the way is done with. */
function circleFrom(start: string, needsOf: ReadonlyMap<string, readonly string[]>, done: Set<string>): readonly string[] | undefined {
  const way: string[] = [];
  const open: { readonly name: string; readonly rest: string[] }[] = [];
  const enter = (name: string): void => {
    way.push(name);
    open.push({ name, rest: [...(needsOf.get(name) ?? [])] });
  };
  let circle: readonly string[] | undefined;
  if (!done.has(start)) enter(start);
  for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
    const next = top.rest.shift();
    if (next === undefined) {
      open.pop();
      done.add(way.pop() as string);
    } else if (way.includes(next)) circle ??= [...way.slice(way.indexOf(next)), next];
    else if (!done.has(next)) enter(next);
  }
  return circle;
}
