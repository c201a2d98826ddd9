import { defineConfig } from 'vite';

/** The pages: static files, without a line of script or style inside the HTML, so that the strictest policy fits them. */
export default defineConfig({
  root: 'ui',
  logLevel: 'warn',
  // `jsx` becomes calls of preact's own runtime.
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: '../dist/ui',
    emptyOutDir: true,
    target: ['chrome123', 'firefox121', 'safari17.5'],
    // Nothing as data: address; the policy knows our own files alone.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
});
