// Starts a job of the test plugin in a process of its own, which may be killed on the way: node start-note.mjs SHIM CODE-HOST PLUGIN SPEC
import { createHost } from '@nightshift/host';

const [, , shim, codeHost, module, spec] = process.argv;
const plugin = (await import(module)).default;
const host = createHost({ shim, codeHost: [codeHost], plugins: [{ ...plugin, module }] });
const { id } = await host.startJob({ what: { type: 'NoteJob', spec: JSON.parse(spec) }, callerDirectory: process.cwd(), warn: () => {} });
process.stdout.write(String(id));
process.exit(0);
