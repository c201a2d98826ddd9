import { isJobError, type Capabilities, type CodeFacts, type CodeJobType, type DescribeRequest, type ForeseenChild, type Foresight } from '@nightshift/sdk';
import { checkSpec, type CheckedSubject } from './check-definition.ts';
import type { CodeLaunch } from './ports/code-launch.ts';
import type { LaunchCommand } from './ports/job-launcher.ts';
import type { RegisteredType, Registry } from './registry.ts';
import { placedSecrets } from './secrets.ts';

/** Characters of a spec that `get-job` shows. */
const LONGEST_TEXT = 4_096;

/**
 * What a code type is to be run with. `argv` names nothing that anybody starts: the launcher knows what to start. `folder`:
 * where relative paths of its secrets begin, by default where it works.
 */
export async function codeCommand(types: Registry, { runs, raw, spec }: CheckedSubject, request: Omit<DescribeRequest<unknown>, 'spec'>, folder: string = request.workingDirectory): Promise<LaunchCommand> {
  const { type, plugin } = types.find(runs.name) as RegisteredType;
  const reference = { type: type.name, plugin: plugin.name, version: plugin.version, ...(plugin.module === undefined ? {} : { module: plugin.module }), ...(plugin.path === undefined ? {} : { folder: plugin.path }) };
  // That of a plugin is asked in a process of its own.
  const foreseen = (await (type as CodeJobType<unknown>).foresee?.({ ...request, spec })) ?? {};
  const below = await secretsOfChildren(types, foreseen.children ?? [], { ...request, workingDirectory: folder });
  return {
    argv: [type.name],
    commandText: (foreseen.command ?? JSON.stringify(raw) ?? '').slice(0, LONGEST_TEXT),
    workingDirectory: request.workingDirectory,
    ...placedSecrets(foreseen.secrets, folder),
    code: { reference, spec: raw, argumentList: request.argumentList, can: canOf(type.capabilities), ...foreseenFacts(foreseen), ...(below.length === 0 ? {} : { below }) },
  };
}

/** What whoever looks at the run is to know of it as well. */
function foreseenFacts({ cannotSuspend, locations = [], hidesLocations }: Foresight): Pick<CodeFacts, 'cannotSuspend' | 'locations' | 'hidesLocations'> {
  return {
    ...(cannotSuspend === undefined ? {} : { cannotSuspend }),
    ...(locations.length === 0 ? {} : { locations: [...new Set(locations)] }),
    ...(hidesLocations === true ? { hidesLocations } : {}),
  };
}

/** The references of secrets that foreseen children will need, and theirs: their host does not inherit what whoever starts it has. */
async function secretsOfChildren(types: Registry, children: readonly ForeseenChild[], request: Omit<DescribeRequest<unknown>, 'spec'>): Promise<readonly string[]> {
  const all = await Promise.all(children.map(async ({ request: { type: name, spec } }) => {
    const type = types.find(name)?.type;
    const child = type === undefined ? [] : await checkSpec(types, type, spec, request, () => ({}));
    return 'length' in child ? [] : secretsOf(types, child, request);
  }));
  return [...new Set(all.flat())];
}

async function secretsOf(types: Registry, { runs, spec }: CheckedSubject, request: Omit<DescribeRequest<unknown>, 'spec'>): Promise<readonly string[]> {
  if (runs.runs === 'code') {
    const { secrets = {}, children = [] } = (await (runs as CodeJobType<unknown>).foresee?.({ ...request, spec })) ?? {};
    return [...Object.values(secrets), ...(await secretsOfChildren(types, children, request))];
  }
  try {
    return runs.runs === 'command' ? Object.values((await runs.command({ ...request, spec })).secrets ?? {}) : [];
  } catch (cause) {
    // Such as a script that the child before it will write.
    if (isJobError(cause)) return [];
    throw cause;
  }
}

function canOf({ suspend, kill, reattach, input }: Capabilities): CodeLaunch['can'] {
  return Object.fromEntries(Object.entries({ suspend, kill, reattach, input }).filter(([, has]) => has === true));
}

/** What a reader of the run must know besides. */
export function codeFacts({ code }: Pick<LaunchCommand, 'code'>): CodeFacts {
  return code === undefined ? {} : { form: 'code', plugin: code.reference.plugin, can: code.can, ...foreseenFacts(code) };
}
