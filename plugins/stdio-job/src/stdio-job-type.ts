import { isMap, type CodeJobType, type Foresight } from '@nightshift/sdk';
import type { ManifestEntry, ProgramCapabilities } from './manifest.ts';
import type { ProgramPlugin } from './program-plugin.ts';
import { specSchema } from './spec-schema.ts';
import { prepareRun } from './stdio-run.ts';

/** The code type whose instances are runs of the entry's program, one process each. Starts and reads nothing yet. */
export function stdioJobType(entry: ManifestEntry, plugin: ProgramPlugin): CodeJobType<unknown, ProgramCapabilities> {
  const { name, aliases, description, capabilities } = entry;
  return {
    name,
    ...(aliases.length === 0 ? {} : { aliases }),
    description,
    runs: 'code',
    capabilities,
    spec: specSchema(entry, plugin),
    foresee: ({ spec }) => secretsIn(spec),
    prepare: (context) => prepareRun(entry, plugin, context),
    ...(capabilities.reattach === true ? { reattach: (context, token) => prepareRun(entry, plugin, context, token) } : {}),
  };
}

/** What stands under `job.secrets` is references, whatever the type (definition reference 2.6); the program has them as variables. */
function secretsIn(spec: unknown): Foresight {
  const { secrets } = isMap(spec) ? spec : {};
  return isMap(secrets) ? { secrets: secrets as NonNullable<Foresight['secrets']> } : {};
}
