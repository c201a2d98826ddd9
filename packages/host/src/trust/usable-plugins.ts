import { dirname } from 'node:path';
import type { ConfigReport } from '../config/read-config.ts';
import { findPlugin, type FoundPlugin } from './find-plugin.ts';

/** The plugins that a configuration names, each where it lies now. Nothing of them is run. */
export function pluginsOf({ trust, found }: ConfigReport): Promise<readonly FoundPlugin[]> {
  if (trust !== undefined) return Promise.resolve(trust.plugins);
  return Promise.all((found?.file.values.plugins ?? []).map((name) => findPlugin(name, dirname(found?.path as string))));
}

/** Those that may be used: none of a project that is not trusted as it is now. Source: jobs.md 18.1. */
export async function usablePlugins(report: ConfigReport): Promise<readonly FoundPlugin[]> {
  return report.trusted ? pluginsOf(report) : [];
}
