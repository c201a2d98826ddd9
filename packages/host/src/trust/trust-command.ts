import { quoted } from '@nightshift/core';

/** What to type to trust the project in a folder. */
export function trustCommand({ folder }: { readonly folder: string }): string {
  return `nightshift trust ${quoted([folder])}`;
}
