import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { hereDocument, refusal, stepsScript, type ScriptStep } from '../../../src/umbrella/import/step-script.ts';

const run = (steps: readonly ScriptStep[], strict = true, shell = 'bash') => {
  const { stdout, status } = spawnSync(shell, ['-c', stepsScript(steps, strict)], { encoding: 'utf8', cwd: '/' });
  return { stdout, status };
};

describe.each(['sh', 'bash'])('steps by %s', (shell) => {
  test('run in order, each in a shell of its own', () => {
    const steps = [{ body: 'A=1; cd /tmp; echo one' }, { body: 'echo "two $A $PWD"' }];
    expect(run(steps, true, shell)).toEqual({ stdout: 'one\ntwo  /\n', status: 0 });
  });

  test('end with the code of the first that fails', () => {
    expect(run([{ body: 'exit 7' }, { body: 'echo never' }], true, shell)).toEqual({ stdout: '', status: 7 });
  });

  test('end at the first command that fails where they are strict', () => {
    expect(run([{ body: 'false\necho after' }, { body: 'echo next' }], true, shell)).toEqual({ stdout: '', status: 1 });
    expect(run([{ body: 'false\necho after' }, { body: 'echo next' }], false, shell)).toEqual({ stdout: 'after\nnext\n', status: 0 });
  });

  test('go on behind one that may fail, which is strict itself', () => {
    expect(run([{ body: 'echo a; false\necho b', mayFail: true }, { body: 'echo c' }], true, shell)).toEqual({ stdout: 'a\nc\n', status: 0 });
  });

  test('hand on what one of them printed', () => {
    expect(run([{ body: 'echo 42', output: 'ROWS' }, { body: 'echo "rows: $ROWS"' }], true, shell)).toEqual({ stdout: '42\nrows: 42\n', status: 0 });
    expect(run([{ body: 'exit 3', output: 'ROWS' }, { body: 'echo never' }], true, shell).status).toBe(3);
  });

  test('have folders and variables of their own', () => {
    expect(run([{ body: 'echo "$A $PWD"', folder: '/tmp', variables: { A: "'x y'" } }, { body: 'echo "[$A]"' }], true, shell).stdout).toBe('x y /tmp\n[]\n');
  });

  test('may hold here-documents', () => {
    expect(run([{ body: 'cat <<EOF\n  in\nEOF' }, { body: 'echo out' }], true, shell).stdout).toBe('  in\nout\n');
  });
});

test('a single command stays what it is', () => {
  expect(stepsScript([{ body: 'make all\n' }], true)).toBe('make all');
  expect(stepsScript([{ body: 'a; b' }], true)).toBe('set -e\na; b');
});

test('a title is one line of comment', () => {
  expect(stepsScript([{ title: 'one\nrm -rf /', body: 'x' }, { body: 'y' }], true)).toContain('# one rm -rf /\n');
});

test('a here-document ends where its text does', () => {
  const text = 'a\nEND_OF_SCRIPT\nb';
  expect(spawnSync('sh', ['-c', hereDocument('cat', text)], { encoding: 'utf8' }).stdout).toBe(`${text}\n`);
});

test('a refusal says why and fails', () => {
  const { stderr, status } = spawnSync('sh', ['-c', refusal("it's lost")], { encoding: 'utf8' });
  expect([stderr, status]).toEqual(["it's lost\n", 1]);
});
