/** The pod of a CronJob as a job on this machine: no container, its command, its variables. */
import type { DraftJob } from '../draft.ts';
import { quoted, type Remarks } from '../remarks.ts';
import { argvJob, quoteText, quoteWord, scriptJob, type Word } from '../shell-text.ts';
import { placeVariables, type Variable } from '../variables.ts';
import type { Step } from '../yaml-places.ts';
import { at, listOf, mapOf, textOf, textsOf } from '../yaml-values.ts';

type Place = (...path: readonly Step[]) => string;

const READ_IN_POD = ['containers', 'initContainers', 'restartPolicy', 'activeDeadlineSeconds', 'terminationGracePeriodSeconds', 'volumes'];
const READ_IN_CONTAINER = ['name', 'image', 'imagePullPolicy', 'command', 'args', 'env', 'envFrom', 'workingDir', 'volumeMounts'];

export function podJob(pod: unknown, place: Place, remarks: Remarks): DraftJob {
  const [main, ...others] = listOf(at(pod, 'containers'));
  const before = listOf(at(pod, 'initContainers'));
  for (const [index, container] of [main, ...others].entries()) remarkOn(container, (...path) => place('containers', index, ...path), remarks);
  for (const [index, container] of before.entries()) remarkOn(container, (...path) => place('initContainers', index, ...path), remarks);
  for (const [index, other] of others.entries()) remarks.lost(place('containers', index + 1), `the container ${quoted(textOf(at(other, 'name')) ?? '')} runs beside the first one there; here only the first one is run`, 'job');
  noteRest(pod, main, place, remarks);
  const variables = variablesOf([...before, main], remarks, place);
  const names = new Set(variables.names);
  const job = before.length === 0 ? singleJob(commandOf(main, names, place('containers', 0), remarks), textOf(at(main, 'workingDir'))) : chained([...before, main], names, place, remarks);
  return { ...job, ...variables.parts };
}

function remarkOn(container: unknown, place: Place, remarks: Remarks): void {
  const image = textOf(at(container, 'image'));
  if (image !== undefined) remarks.lost(place('image'), `the image ${image} has no equal: it runs on this machine, with the programs and files that are here`, 'job');
  const mounts = listOf(at(container, 'volumeMounts')).flatMap((mount) => textOf(at(mount, 'mountPath')) ?? []);
  if (mounts.length > 0) remarks.lost(place('volumeMounts'), `nothing is mounted at ${mounts.join(', ')}`, 'job');
  if (listOf(at(container, 'envFrom')).length > 0) remarks.lost(place('envFrom'), 'the variables of envFrom are not set: write them under job.environment, or secrets under job.secrets', 'job.environment');
}

function noteRest(pod: unknown, container: unknown, place: Place, remarks: Remarks): void {
  const rest = [[pod, READ_IN_POD], [container, READ_IN_CONTAINER]].flatMap(([map, read]) => Object.keys(mapOf(map) ?? {}).filter((key) => !(read as readonly string[]).includes(key)));
  if (rest.length > 0) remarks.note(place(), `not carried over from the pod: ${rest.join(', ')}`);
}

/** Variables of several containers; a reference `$(NAME)` to an earlier one is filled in. */
function variablesOf(containers: readonly unknown[], remarks: Remarks, place: Place): { names: readonly string[]; parts: Pick<DraftJob, 'environment' | 'secrets'> } {
  const literal: Variable[] = [];
  const secrets: Record<string, string> = {};
  for (const container of containers) {
    for (const entry of listOf(at(container, 'env'))) {
      const name = textOf(at(entry, 'name')) ?? '';
      const where = place(...pathOf(containers, container), 'env');
      if (at(entry, 'valueFrom') === undefined) literal.push({ name, value: filledIn(textOf(at(entry, 'value')) ?? '', literal), place: where });
      else if (at(entry, 'valueFrom', 'secretKeyRef') !== undefined && /^[A-Za-z_]\w*$/.test(name)) secrets[name] = secretOf(name, entry, where, remarks);
      else remarks.lost(where, `the variable ${quoted(name)} has its value from ${Object.keys(mapOf(at(entry, 'valueFrom')) ?? {}).join()}, and is not set`, 'job.environment');
    }
  }
  const parts = placeVariables(literal.filter(({ name }) => !(name in secrets)), remarks);
  const all = { ...secrets, ...parts.secrets };
  return { names: [...Object.keys(parts.environment ?? {}), ...Object.keys(all)], parts: { ...(parts.environment && { environment: parts.environment }), ...(Object.keys(all).length > 0 && { secrets: all }) } };
}

function pathOf(containers: readonly unknown[], container: unknown): readonly Step[] {
  const index = containers.indexOf(container);
  return index === containers.length - 1 ? ['containers', 0] : ['initContainers', index];
}

function secretOf(name: string, entry: unknown, place: string, remarks: Remarks): string {
  const { name: secret, key } = (mapOf(at(entry, 'valueFrom', 'secretKeyRef')) ?? {}) as Record<string, unknown>;
  remarks.lost(place, `${name} is the key ${quoted(textOf(key) ?? '')} of the secret ${quoted(textOf(secret) ?? '')}: give the scheduler a variable ${name}`, 'job.secrets');
  return `env:${name}`;
}

function filledIn(value: string, known: readonly Variable[]): string {
  return value.replaceAll(/\$(\$?)\(([\w.-]+)\)/g, (whole, escaped: string, name: string) => (escaped === '' ? (known.find((variable) => variable.name === name)?.value ?? whole) : `$(${name})`));
}

/** The argument vector, with the variables that Kubernetes would fill in; undefined when the image decides what runs. */
function commandOf(container: unknown, names: ReadonlySet<string>, place: string, remarks: Remarks): readonly Word[] | undefined {
  const [command, args] = [textsOf(at(container, 'command')), textsOf(at(container, 'args'))];
  if (command.length > 0) return [...command, ...args].map((text) => partsOf(text, names));
  remarks.lost(place, `what runs is in the image and not known here${args.length === 0 ? '' : `; its arguments are ${quoted(args.join(' '))}`}`, 'job');
  return undefined;
}

function partsOf(text: string, names: ReadonlySet<string>): Word {
  return text.split(/(\$\$?\([\w.-]+\))/).filter((piece) => piece !== '').map((piece) => {
    const [, escaped, name = ''] = /^\$(\$?)\(([\w.-]+)\)$/.exec(piece) ?? [];
    if (escaped === '$') return { text: `$(${name})` };
    return escaped === '' && names.has(name) ? { variable: name } : { text: piece };
  });
}

const UNKNOWN = "echo 'what the image would run is not known' >&2\nexit 1";

function singleJob(run: readonly Word[] | undefined, folder: string | undefined): DraftJob {
  return run === undefined ? scriptJob(UNKNOWN) : argvJob(run, folder);
}

/** Init containers come first, one after the other; the first that fails ends it. */
function chained(containers: readonly unknown[], names: ReadonlySet<string>, place: Place, remarks: Remarks): DraftJob {
  const lines = containers.flatMap((container, index) => {
    const run = commandOf(container, names, place(...pathOf(containers, container)), remarks);
    const folder = textOf(at(container, 'workingDir'));
    const text = run === undefined ? '{ echo "what the image would run is not known" >&2; exit 1; }' : run.map(quoteWord).join(' ');
    const whole = folder === undefined ? text : `(cd ${quoteText(folder)} && ${text})`;
    return [`# ${(textOf(at(container, 'name')) ?? 'container').replaceAll(/\s+/g, ' ')}`, index === containers.length - 1 ? whole : `${whole} || exit`];
  });
  return scriptJob(lines.join('\n'));
}
