import { mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { productPlace } from '../../src/new-plugin/product-place.ts';
import { temporaryFolder, write } from '../folder.ts';

function machine(product: string) {
  const root = realpathSync(temporaryFolder());
  const project = join(root, 'work/project');
  mkdirSync(project, { recursive: true });
  write(join(root, product, 'package.json'), '{ "name": "nightshift" }');
  return { root, project, product: join(root, product) };
}

describe('a plugin comes by the package nightshift', () => {
  test('without anything where it is installed in a folder above', () => {
    const { project, product } = machine('work/node_modules/nightshift');
    expect(productPlace(product, '1.2.3', project)).toEqual({});
  });

  test('by a link and its version where it is installed elsewhere, as for the whole machine', () => {
    const { project, product } = machine('usr/lib/node_modules/nightshift');
    expect(productPlace(product, '1.2.3', project)).toEqual({ link: product, range: '^1.2.3' });
  });

  test('by a link and its folder where it was cloned', () => {
    const { project, product } = machine('src/nightshift/packages/cli');
    expect(productPlace(product, '1.2.3', project)).toEqual({ link: product, range: `file:${product}` });
  });
});
