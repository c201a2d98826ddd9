// Pictures of the terminal, made by running the verbs in one: node docs/make-pictures.mjs [--check]
// --check writes nothing and fails when a picture no longer says what the verbs print now.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const COLUMNS = 80;
const CLASS = { 1: 'b', 2: 'd', 31: 'r', 32: 'g', 33: 'y', 34: 'u', 35: 'm', 36: 'c', 90: 'd' };
const [CELL, LINE, EDGE, SIZE] = [8.4, 20, 16, 14];

const PICTURES = [{
  file: 'first-minute.svg',
  title: 'A first minute: jobs are started, listed and received; a mistake is pointed at',
  files: {
    'build.sh': "echo 'compiling 12 files'\necho '::warning::parser.c uses an old interface'\necho 'linked build/app'\n",
    'test.sh': "echo '117 of 120 tests pass'\necho 'lexer: 3 tests fail' >&2\nexit 3\n",
    'Nightly.yaml': 'description: Snapshot of the repository\ntimezone: Europe/Berlin\njob: { command: [node, scripts/snapshot.mjs] }\n',
  },
  // A line that begins with a blank is run and not shown.
  lines: [
    'start-job --name Build -- sh build.sh',
    ' start-job --name Test -- sh test.sh',
    ' start-job --name Server -- sleep 600',
    ' wait-job Build Test --timeout 60s',
    'get-job',
    'receive-job Build',
    'receive-job Test',
    'get-job Sever',
    'nightshift validate Nightly.yaml',
  ],
}];

let isStale = false;
for (const picture of PICTURES) {
  const path = at(`pictures/${picture.file}`);
  const drawn = draw(picture.title, screenOf(picture));
  if (!process.argv.includes('--check')) writeFileSync(path, drawn);
  else if (textOf(readFileSync(path, 'utf8')) !== textOf(drawn)) {
    isStale = true;
    console.error(`${picture.file} shows what is printed no longer; now it is:\n${textOf(drawn)}\nnode docs/make-pictures.mjs draws it anew`);
  }
}
process.exit(isStale ? 1 : 0);

/** What a terminal shows of the lines, each a list of runs: text and the codes of its colour. */
function screenOf({ files, lines }) {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'nightshift-picture-')));
  const work = join(root, 'work');
  mkdirSync(work);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(work, name), text, { mode: 0o600 });
  const env = {
    PATH: [at('../node_modules/.bin'), process.env.PATH].join(delimiter), HOME: root, LANG: 'C.UTF-8', TZ: 'UTC', TERM: 'xterm-256color', NIGHTSHIFT_STATE_DIR: join(root, 'state'),
  };
  try {
    return lines.flatMap((line) => {
      const shown = runsOf(onTerminal(line.trim(), work, env));
      return line.startsWith(' ') ? [] : [[['$ ', '90'], [line, '1']], ...shown];
    });
  } finally {
    spawnSync('stop-job', ['--name', '*', '--force'], { cwd: work, env });
    rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  }
}

function onTerminal(line, cwd, env) {
  const { stdout, error } = spawnSync('script', ['-qec', `stty cols ${COLUMNS} rows 40; ${line}`, '/dev/null'], { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  if (error !== undefined) throw error;
  return stdout;
}

function runsOf(output) {
  return output.replaceAll('\r', '').trimEnd().split('\n').map((line) => {
    // oxlint-disable-next-line no-control-regex -- colours are what it looks for
    const parts = line.split(/\u001b\[(\d*)m/);
    return parts.flatMap((text, index) => (index % 2 === 0 && text !== '' ? [[text, index === 0 ? '0' : parts[index - 1]]] : []));
  });
}

/** Text stays text; each run has its place and its length, so that columns stand below each other in every font. */
function draw(title, lines) {
  const [width, height] = [Math.ceil(COLUMNS * CELL) + 2 * EDGE, lines.length * LINE + 2 * EDGE];
  const rows = lines.map((runs, row) => {
    let column = 0;
    const spans = runs.map(([text, code]) => {
      const [x, length] = [EDGE + column * CELL, [...text].length];
      column += length;
      return `<tspan x="${x.toFixed(1)}" textLength="${(length * CELL).toFixed(1)}"${CLASS[code] === undefined ? '' : ` class="${CLASS[code]}"`}>${escaped(text)}</tspan>`;
    });
    return `<text y="${EDGE + row * LINE + SIZE}" xml:space="preserve">${spans.join('')}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(title)}">
<title>${escaped(title)}</title>
<style>
rect{fill:#fff;stroke:#d0d7de}text{font:${SIZE}px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:#1f2328;white-space:pre}
.b{font-weight:700}.d{fill:#656d76}.r{fill:#cf222e}.g{fill:#116329}.y{fill:#7d4e00}.u{fill:#0550ae}.m{fill:#8250df}.c{fill:#1b7c83}
@media(prefers-color-scheme:dark){rect{fill:#0d1117;stroke:#30363d}text{fill:#e6edf3}.d{fill:#8b949e}.r{fill:#ff7b72}.g{fill:#3fb950}.y{fill:#d29922}.u{fill:#58a6ff}.m{fill:#bc8cff}.c{fill:#39c5cf}}
</style>
<rect x=".5" y=".5" width="${width - 1}" height="${height - 1}" rx="8"/>
${rows.join('\n')}
</svg>
`;
}

function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

function textOf(svg) {
  const rows = [...svg.matchAll(/<text [^>]*>(.*)<\/text>/g)].map(([, row]) => row.replaceAll(/<[^>]*>/g, ''));
  return rows.join('\n').replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
