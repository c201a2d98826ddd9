import { bad, well, type Finding } from './finding.ts';

/** The oldest Node that is supported. Source: `engines` of package.json. */
const OLDEST = [22, 18] as const;

export function nodeVersion(): Finding {
  return judgeNode(process.versions.node, process.execPath);
}

export function judgeNode(version: string, path: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isNewEnough = major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
  const text = `v${version} at ${path}`;
  return isNewEnough ? well('Node', text) : bad('Node', `${text}; ${OLDEST.join('.')} or newer is needed`, 'nvm install --lts');
}
