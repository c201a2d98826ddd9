import { copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { defineConfig } from 'rolldown';
import { armedShim } from './armed-shim.mjs';

/**
 * Every verb starts from one file, main.cjs; what only some verbs need is a file of its own, loaded when it is needed. No
 * file shares a chunk with another: on the way of a start each further file would cost as much as opening a database.
 */
const LAZY = { umbrella: 'src/umbrella/umbrella.ts', container: '../host/src/container.ts', dashboard: '../dashboard/src/index.ts', survey: '../host/src/survey/survey.ts', doctor: '../host/src/doctor.ts', services: '../host/src/service/services.ts', 'run-worker': '../host/src/worker/run-worker.ts', threads: '../host/src/threads/threads.ts', 'thread-run': '../../plugins/thread-job/src/thread-run.ts', 'workflow-run': '../../plugins/workflow-job/src/workflow-run.ts', 'remote-run': '../../plugins/remote-job/src/remote-run.ts', 'crontab-entries': '../../plugins/crontab-job/src/crontab-entries.ts', 'npm-scripts': '../../plugins/npm-script-job/src/npm-scripts.ts', 'fs-extra': 'fs-extra', 'cron-words': '../scheduler/src/words/cron-words.ts', masking: '../host/src/secrets/masking.ts', 'program-plugin': '../host/src/plugins/program-plugin.ts', 'open-engine': '../host/src/engine/open-engine.ts', 'remote-jobs': '../core/src/remote-jobs.ts' };

const lazy = (self, inlined = []) => ({
  name: 'lazy',
  resolveId(source, _importer, { kind }) {
    const name = basename(source, '.ts');
    return kind === 'dynamic-import' && name in LAZY && name !== self && !inlined.includes(name) ? { id: `./${name}.cjs`, external: true } : undefined;
  },
});

/** The shim is a file of its own, and so is what the shell of another computer reads: shells read them. */
const shim = (folder) => ({
  name: 'shim',
  writeBundle() {
    mkdirSync(folder, { recursive: true });
    copyFileSync('../host/src/launch/shim.sh', `${folder}/shim.sh`);
    copyFileSync('../../plugins/remote-job/src/remote.sh', `${folder}/remote.sh`);
    if (folder === 'dist-test') writeFileSync(`${folder}/shim.sh`, armedShim(readFileSync(`${folder}/shim.sh`, 'utf8')));
  },
});

/** The definitions of the repository are what `nightshift new` begins with; those that are broken on purpose are not. */
const examples = (folder) => ({
  name: 'examples',
  writeBundle() {
    rmSync(`${folder}/examples`, { recursive: true, force: true });
    cpSync('../../definitions', `${folder}/examples`, { recursive: true, filter: (path) => !/^(broken|\..+)$/.test(basename(path)) });
  },
});

/** What `nightshift new plugin` writes, with words to be filled in. */
const templates = (folder) => ({
  name: 'templates',
  writeBundle() {
    rmSync(`${folder}/templates`, { recursive: true, force: true });
    cpSync('templates', `${folder}/templates`, { recursive: true });
  },
});

/** The pages of the dashboard, as they were built. */
const pages = (folder) => ({
  name: 'pages',
  writeBundle() {
    rmSync(`${folder}/dashboard`, { recursive: true, force: true });
    cpSync('../dashboard/dist/ui', `${folder}/dashboard`, { recursive: true });
  },
});

/** What editors know of definitions; beside package.json, so that a definition can name it by a short path. */
const schema = {
  name: 'schema',
  async writeBundle() {
    const { schemaOfDefinitions } = await import('../host/dist/definition-schema.js');
    writeFileSync('scheduled-job.schema.json', `${JSON.stringify(schemaOfDefinitions(), null, 2)}\n`);
  },
};

const file = (folder, name, input, conditionNames, inlined) => ({
  input: { [name]: input },
  platform: 'node',
  logLevel: 'warn',
  // A peer that need not be there.
  external: ['@opentelemetry/api'],
  // The oldest Node that we support knows no `using`.
  transform: { target: 'node22.18' },
  resolve: { conditionNames },
  plugins: [lazy(name, inlined), ...(name === 'main' ? [shim(folder), examples(folder), templates(folder), pages(folder), ...(folder === 'dist' ? [schema] : [])] : [])],
  output: {
    dir: folder,
    format: 'cjs',
    entryFileNames: '[name].cjs',
    codeSplitting: false,
    // The bundle is run as a script, which knows require but no import.
    dynamicImportInCjs: false,
    comments: false,
    // One letter beyond Latin-1, and V8 keeps the whole text in two bytes a letter.
    charset: 'ascii',
    minify: true,
    sourcemap: true,
  },
});

/** It imports modules whose names it gets to know then: plugins, jobs. */
const importing = (options) => ({ ...options, output: { ...options.output, dynamicImportInCjs: true } });

const same = (options) => options;
/** Of the lazy ones those that import a plugin. */
const IMPORTING = ['open-engine'];

const product = (folder, conditionNames) => [
  file(folder, 'main', 'src/main.ts', conditionNames),
  // The process of a job of JavaScript, that of a plugin, that of a pool of thread jobs, and the inside of a worker, which lies beside whatever starts one.
  importing(file(folder, 'code-host', '../host/src/launch/code-host/start.ts', conditionNames, ['thread-run', 'workflow-run', 'remote-run'])),
  importing(file(folder, 'plugin-process', '../host/src/plugins/process/serve.ts', conditionNames)),
  file(folder, 'thread-host', '../host/src/threads/start-pool-host.ts', conditionNames),
  importing(file(folder, 'thread-worker', '../../plugins/thread-job/src/thread-worker.ts', conditionNames)),
  file(folder, 'remote-client', '../../plugins/remote-job/src/remote-client.ts', conditionNames),
  ...Object.entries(LAZY).map(([name, input]) => (IMPORTING.includes(name) ? importing : same)(file(folder, name, input, conditionNames))),
];

export default defineConfig([
  ...product('dist', ['source', 'import', 'node', 'default']),
  // The same product with the failpoints of the crash tests; never published.
  ...product('dist-test', ['failpoints', 'source', 'import', 'node', 'default']),
]);
