import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createTrust } from '../../src/trust/trust.ts';
import { temporaryFolder, write } from '../folder.ts';

/** A project with a package in `node_modules`, and a home. */
export function trustPlace() {
  const root = temporaryFolder();
  const [project, home] = [join(root, 'project'), join(root, 'home')];
  mkdirSync(join(project, '.git'), { recursive: true });
  mkdirSync(home);
  const own = join(home, '.config/nightshift/config.yaml');
  return {
    root,
    project,
    own,
    environment: { HOME: home },
    config: (text: string) => write(join(project, 'nightshift.yaml'), text),
    install: (name: string, version: string, more: object = {}) => write(join(project, 'node_modules', name, 'package.json'), JSON.stringify({ name, version, ...more })),
    trust: () => createTrust({ environment: { HOME: home }, workingDirectory: project, warn: () => {} }),
  };
}
