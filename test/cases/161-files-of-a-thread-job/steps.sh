# relative paths, and programs that it starts, begin in the folder of a thread job
mkdir sub
echo text > sub/notes.txt
cat > sub/body.mjs <<'EOF'
import { readFileSync } from 'node:fs';
import { readFile, writeFile, rename, glob } from 'node:fs/promises';
import { exec, execFileSync, execSync, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
const names = async (found) => { const all = []; for await (const name of found) all.push(name); return all.join(); };
export default async () => {
  console.log(readFileSync('notes.txt', 'utf8').trim(), (await readFile('./notes.txt', 'utf8')).trim());
  await writeFile('new.txt', 'new');
  await rename('new.txt', 'newer.txt');
  console.log(await names(glob('*.txt')));
  console.log(execSync('cat newer.txt').toString(), execFileSync('cat', ['newer.txt']).toString(), String(spawnSync('cat', ['newer.txt'], { encoding: 'utf8' }).stdout));
  console.log((await promisify(exec)('cat newer.txt')).stdout, execSync('pwd', { cwd: '/' }).toString().trim());
};
EOF
start-thread-job --file-path sub/body.mjs --working-directory sub --wait
start-thread-job --wait 'return require("fs").readdirSync("sub").sort()'
