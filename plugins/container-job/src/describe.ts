/** The command line of an engine for a container. */
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import type { CommandLine, DescribeRequest } from '@nightshift/sdk';
import type { ContainerSpec } from './spec.ts';

/** Where the engine writes the id of the container down. */
const ID_FILE = '"$NIGHTSHIFT_RUN_DIR/$NIGHTSHIFT_ATTEMPT/container"';
const RUN = `exec "$0" run --cidfile ${ID_FILE} "$@"`;
const REMOVE = `exec "$0" rm --force "$(cat ${ID_FILE})"`;

/**
 * The engine's client stays in the foreground and hands SIGTERM on to the container (`--sig-proxy`), where `--init` passes it to the
 * program. The container is removed with its end. Where the client is killed, the container goes on: then it is removed by its id,
 * which tells several runs of a definition apart. Variables go by name, so that no argument holds a value.
 */
export function describeContainer({ spec, name: job, workingDirectory }: DescribeRequest<ContainerSpec>): CommandLine {
  const { image, command, env, secrets, volumes, workdir, network, user, memory, cpus, pull } = spec;
  const options = Object.entries({ workdir, network, user, memory, cpus }).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, String(value)]));
  const mounts = volumes.flatMap((volume) => ['--volume', volume.startsWith('.') ? volume.replace(/^[^:]*/, (source) => resolve(workingDirectory, source)) : volume]);
  const variables = Object.keys({ ...env, ...secrets }).flatMap((name) => ['--env', name]);
  const engine = engineOf(spec);
  const words = ['--rm', '--init', '--sig-proxy=true', '--pull', pull, '--label', `nightshift.job=${job}`, ...options, ...mounts, ...variables, image, ...command];
  const asked = [engine, 'run', ...words] as const;
  return {
    // Without an engine nothing is wrapped: so the start says what was not found.
    ...(isInPath(engine) ? { argv: ['sh', '-c', RUN, engine, ...words], commandWords: asked, cleanUp: ['sh', '-c', REMOVE, engine] } : { argv: asked }),
    ...(Object.keys(env).length > 0 && { environment: env }),
    ...(Object.keys(secrets).length > 0 && { secrets }),
  };
}

/** The first that is in PATH; where none is, the start says that docker was not found. */
function engineOf({ engine }: ContainerSpec): string {
  return engine === 'auto' ? (['docker', 'podman'].find(isInPath) ?? 'docker') : engine;
}

function isInPath(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => folder !== '' && isProgram(join(folder, program)));
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    // Not there, or not for us: the next folder may have it.
    return false;
  }
}
