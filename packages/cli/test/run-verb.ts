// The umbrella from its sources, as bin/launch.cjs calls it: `node run-verb.ts VERB|- WORD…`, `-` for the umbrella itself.
import { fileURLToPath } from 'node:url';

// The bundle is CommonJS and finds its shim beside itself.
Object.assign(globalThis, { __dirname: fileURLToPath(new URL('../../host/src/launch', import.meta.url)) });
const [, , verb, ...words] = process.argv;
process.argv.splice(2, Infinity, ...words);
const { run } = await import('../src/main.ts');
await run(verb === '-' ? undefined : verb, process.umask(0o077));
