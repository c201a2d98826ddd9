/** The `job:` part of a ContainerJob. */
import { defineSpec, type SpecPart, type SpecSchema } from '@nightshift/sdk';

/** A container after validation; what is absent is as the engine has it. */
export interface ContainerSpec {
  readonly image: string;
  /** Program and arguments in the container. Empty: what the image runs. */
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Name of a variable in the container to reference, never a value. */
  readonly secrets: Readonly<Record<string, string>>;
  /** As after `--volume`: SOURCE:TARGET[:ro]; a source that begins with a dot is in the working directory. */
  readonly volumes: readonly string[];
  readonly workdir?: string;
  readonly network?: string;
  readonly user?: string;
  readonly memory?: string;
  readonly cpus?: number;
  readonly pull: (typeof PULLS)[number];
  readonly engine: (typeof ENGINES)[number];
}

const PULLS = ['missing', 'always', 'never'] as const;
const ENGINES = ['auto', 'docker', 'podman'] as const;
/** What the engine's own client goes by is no variable of the container. */
const VARIABLE = /^(?!(?:PATH|HOME|NODE_OPTIONS|(?:DOCKER|CONTAINER|CONTAINERS|PODMAN|LD|DYLD|XDG|NIGHTSHIFT)_\w*)$)[A-Za-z_]\w*$/;
const KEYS = ['image', 'command', 'env', 'secrets', 'volumes', 'workdir', 'network', 'user', 'memory', 'cpus', 'pull', 'engine'] as const;

export const containerSchema: SpecSchema<ContainerSpec> = defineSpec('a ContainerJob', KEYS, ['image'], ({ image, command, env, secrets, volumes, workdir, network, user, memory, cpus, pull, engine }) => {
  const words = { workdir, network, user, memory };
  const given = Object.entries(words).flatMap(([key, part]) => (part === undefined ? [] : [[key, readWord(part)]]));
  if (memory !== undefined && !/^\d+[bkmg]?$/i.test(String(memory.value))) memory.complain('must be a number of bytes, with k, m or g', { hint: 'write, for example, memory: 512m' });
  for (const [name, part] of Object.entries(secrets?.members('secrets') ?? {})) {
    if (!VARIABLE.test(name)) part.complain('has a name that cannot be used', { at: 'key' });
    if (env?.members('env')[name] !== undefined) part.complain(`and "job.env.${name}" exclude each other`, { code: 'DefinitionKeysExclusive', at: 'key' });
  }
  return {
    image: (image && readWord(image)) ?? '', command: readList(command), env: env?.texts(VARIABLE) ?? {}, secrets: secrets?.secrets() ?? {}, volumes: readVolumes(volumes),
    pull: pull?.word(PULLS) ?? 'missing', engine: engine?.word(ENGINES) ?? 'auto', ...Object.fromEntries(given), ...(cpus === undefined ? {} : { cpus: readCpus(cpus) }),
  } as ContainerSpec;
});

/** What stands among the arguments of the engine must not be one of its options. */
function readWord(part: SpecPart): string | undefined {
  const text = part.text();
  return text === undefined || /^[^-\s\0][^\s\0]*$/.test(text) ? text : part.complain('must be one word that does not begin with a dash');
}

function readList(part: SpecPart | undefined): readonly string[] {
  if (part === undefined) return [];
  const { value } = part;
  if (Array.isArray(value) && value.every((word) => typeof word === 'string' && !word.includes('\0'))) return value as string[];
  return part.complain('must be a list of texts') ?? [];
}

function readVolumes(part: SpecPart | undefined): readonly string[] {
  const volumes = readList(part);
  if (volumes.some((volume) => !/^[^-:][^:]*:\/[^:]*(?::[\w,]+)?$/.test(volume))) part?.complain('must be a list of SOURCE:/TARGET, maybe with :ro', { hint: 'write, for example, volumes: [./data:/data:ro]' });
  return volumes;
}

function readCpus(part: SpecPart): number | undefined {
  return typeof part.value === 'number' && part.value > 0 && part.value <= 4_096 ? part.value : part.complain('must be a number above 0');
}
