import type { Registry } from '@nightshift/core';
import type { DefinitionSource, JobError } from '@nightshift/sdk';
export interface WireRequest { environment: NodeJS.ProcessEnv; types: Registry; warn: (warning: JobError) => void; workingDirectory: string; configFile?: string }
import type { JobErrorFacts } from '@nightshift/sdk';
export interface CheckedFile { file: string; errors: readonly JobErrorFacts[]; warnings: readonly JobErrorFacts[] }
export interface Wiring { readonly definitions: DefinitionSource; validate(paths: readonly string[]): Promise<{files: readonly CheckedFile[]; problems: readonly JobError[]}> }
export async function wire(_request: WireRequest): Promise<Wiring> { throw new Error('placeholder'); }
