// Writes the reference pages anew: `npm run docs`. A test compares the pages with what this would write.
import { writeFileSync } from 'node:fs';
import { PAGES } from './generator/pages.ts';

for (const [name, make] of Object.entries(PAGES)) writeFileSync(new URL(`reference/${name}`, import.meta.url), make());
