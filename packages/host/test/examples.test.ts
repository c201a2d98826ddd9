import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { findExample, listExamples, supportsOf } from '../src/examples.ts';
import { temporaryFolder, write } from './folder.ts';

const examples = listExamples(fileURLToPath(new URL('../../../definitions', import.meta.url)));
const pathsOf = (name: string) => {
  const example = findExample(examples, name);
  return supportsOf(example, readFileSync(example.file, 'utf8')).map(({ path }) => path);
};

describe('the examples', () => {
  test('are in the order of their names, whatever their case, each with its description', () => {
    const names = examples.map(({ name }) => name.toLowerCase());
    expect(names).toEqual(names.toSorted());
    expect(examples).toContainEqual({ name: 'Hello', description: 'One line, to see that everything works', file: expect.stringMatching(/\/definitions\/Hello\.yaml$/) });
    expect(examples.filter(({ description }) => description === '')).toEqual([]);
  });

  test('are files with the ending .yaml, and nothing else in the folder', () => {
    const folder = temporaryFolder();
    for (const name of ['B.yaml', 'a.yaml', 'C.yml', 'notes.txt', 'scripts/D.yaml']) write(`${folder}/${name}`, 'description: x\n');
    expect(listExamples(folder).map(({ name }) => name)).toEqual(['a', 'B']);
  });
});

describe('an example is found', () => {
  test.each([
    ['DatabaseBackup', 'DatabaseBackup'],
    ['databasebackup', 'DatabaseBackup'],
    ['database-backup', 'DatabaseBackup'],
    ['backup', 'DatabaseBackup'],
    ['once', 'Once'],
    ['python', 'PythonReport'],
  ])('by "%s": %s', (word, name) => {
    expect(findExample(examples, word).name).toBe(name);
  });

  test.each([
    ['report', '"report" may be PythonReport or ReportByWebhook', 'name one of them'],
    ['DatabaseBackp', 'no example is named "DatabaseBackp"', 'did you mean DatabaseBackup?'],
    ['Weekly', 'no example is named "Weekly"', 'nightshift new --list shows them all'],
    ['', 'no example is named ""', 'nightshift new --list shows them all'],
  ])('not by "%s"', (word, message, hint) => {
    expect(() => findExample(examples, word)).toThrow(expect.objectContaining({ code: 'ParameterArgumentValidationError', message, hint }));
  });
});

describe('an example brings what its definition mentions', () => {
  test.each([
    ['Hello', []],
    ['DatabaseBackup', ['scripts/database-backup.mjs']],
    ['CertificateExpiry', ['samples/certificate-expiry/sample.pem', 'scripts/certificate-expiry.mjs']],
    ['PythonReport', ['samples/python-report/visits.csv', 'scripts/python-report.py']],
  ])('%s: %j', (name, paths) => {
    expect(pathsOf(name)).toEqual(paths);
  });

  test('and a folder of modules that is named like its script', () => {
    expect(pathsOf('Nightly')).toEqual(expect.arrayContaining(['scripts/snapshot.mjs', 'scripts/snapshot/tar.mjs', 'scripts/snapshot/options.mjs']));
    expect(pathsOf('Nightly').filter((path) => !path.startsWith('scripts/snapshot'))).toEqual([]);
  });
});
