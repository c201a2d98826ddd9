/** What the launcher hands to the host of a run of JavaScript: a private file in the folder of the attempt. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CodeLaunch, TypeReference } from '@nightshift/core';
import type { Instance, JobOrigin } from '@nightshift/sdk';
import { attemptFolder, CODE_FILES, originOf } from '@nightshift/store';
import type { ConfigPlace } from '../../config/config-place.ts';

export interface CodeOrder {
  readonly reference: TypeReference;
  readonly instance: Pick<Instance, 'id' | 'instanceId' | 'name' | 'attempt'>;
  readonly origin: JobOrigin;
  readonly spec: unknown;
  readonly argumentList: readonly unknown[];
  /** Default: the lines of the standard input that was kept. */
  readonly input?: readonly unknown[];
  readonly workingDirectory: string;
  /** Milliseconds. */
  readonly gracePeriod: number;
  /** Milliseconds; told only, the shim keeps it. */
  readonly timeout?: number;
  /** For its children. Default: as it is found from the working directory. */
  readonly configuration?: ConfigPlace;
  /** The folder of the worker whose run it is. Default: its row is in the stores of the user. */
  readonly worker?: string;
  /** Of a run that has outlived its host: with what it is found. Default: it begins. */
  readonly token?: string;
  /** Whether the values of secrets are told through a descriptor; never here. Default: there are none. */
  readonly isTold?: true;
  /** Absolute. */
  readonly runFolder: string;
}

/** Made anew by a launch that is tried again. */
export function writeOrder(attempt: string, { reference, spec, argumentList, input }: CodeLaunch, facts: Omit<CodeOrder, 'reference' | 'spec' | 'argumentList' | 'input'>): void {
  const order: CodeOrder = { ...facts, reference, spec, argumentList, ...(input === undefined ? {} : { input }) };
  writeFileSync(join(attempt, CODE_FILES.order), JSON.stringify(order), { mode: 0o600 });
}

/** That of whoever started the job: a later attempt may be taken up from anywhere. */
export function earlierConfiguration(runFolder: string, attempt: number): ConfigPlace | undefined {
  for (let number = attempt - 1; number > 0; number--) {
    const folder = attemptFolder(runFolder, number);
    if (existsSync(join(folder, CODE_FILES.order))) return readOrder(folder).configuration;
  }
  return undefined;
}

export function readOrder(attempt: string): CodeOrder {
  const order = JSON.parse(readFileSync(join(attempt, CODE_FILES.order), 'utf8')) as CodeOrder;
  return { ...order, origin: originOf({ ...order.origin }) };
}
