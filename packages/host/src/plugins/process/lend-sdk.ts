import { registerHooks } from 'node:module';

const LENT = ['nightshift/sdk', '@nightshift/sdk'];
let isLent = false;

/**
 * From now on a plugin that has no SDK in any `node_modules` above it gets the one of the Nightshift that runs it. So it works
 * wherever Nightshift is installed: a package of a project does not find what was installed for the whole machine.
 */
export function lendSdk(): void {
  if (isLent) return;
  isLent = true;
  registerHooks({
    resolve(specifier, context, next) {
      try {
        return next(specifier, context);
      } catch (cause) {
        if (!LENT.includes(specifier) || (cause as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw cause;
        return next(specifier, { ...context, parentURL: import.meta.url });
      }
    },
  });
}
