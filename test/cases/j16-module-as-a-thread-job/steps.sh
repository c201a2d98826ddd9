# the default export of a module is run, and an edited module is run as it is now
printf 'export default ({ args }) => args.length\n' > m.mjs
start-thread-job --file-path m.mjs --wait -- a b
printf 'export default async ({ args, streams }) => { await streams.warning.write("new"); return args[0]; }\n' > m.mjs
start-thread-job --file-path 'm.*' --wait -- a b
printf 'export const x = 1;\n' > m.mjs
start-thread-job --file-path m.mjs --wait || echo "code $?"
