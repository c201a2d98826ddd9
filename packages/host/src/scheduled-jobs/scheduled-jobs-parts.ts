import type { CoreParts, DefinitionFiles, Registry } from '@nightshift/core';
import type { YamlDefinitions } from '@nightshift/definitions';
import type { Clock, JobError } from '@nightshift/sdk';
import type { Authoring } from '../authoring.ts';
import type { Config } from '../config/read-config.ts';
import type { HostStores } from '../stores.ts';
import type { EditLock } from './edit-lock.ts';

/** What the verbs are made of. */
export interface ScheduledJobsParts {
  readonly core: CoreParts;
  readonly stores: HostStores;
  readonly types: Registry;
  readonly files: DefinitionFiles;
  readonly yaml: YamlDefinitions;
  readonly config: Config;
  /** Of the configuration. Default: one for each folder. */
  readonly namespace?: string;
  readonly authoring: Authoring;
  readonly lock: EditLock;
  readonly clock: Clock;
  /** Of triggers that name none, and whose files name none. */
  readonly timeZone: () => string;
  /** Of the person who called. */
  readonly umask: number;
  /** Root of the file system whose batteries are looked at. */
  readonly system: string;
  /** What is to be said of a definition that needs a plugin. */
  readonly explainMissingType: (cause: unknown) => Promise<unknown>;
  /** Before anything is started: listing needs no plugin. */
  readonly loadPlugins: () => Promise<void>;
  readonly warn: (warning: JobError) => void;
}
