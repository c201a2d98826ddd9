import { commandsPage } from './commands-page.ts';
import { definitionPage } from './definition-page.ts';
import { errorsPage } from './errors-page.ts';

/** Every file of docs/reference, and how it is made. */
export const PAGES: Readonly<Record<string, () => string>> = {
  'commands.md': commandsPage,
  'definition.md': definitionPage,
  'errors.md': errorsPage,
};
