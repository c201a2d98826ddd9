import type { JobTypePlugin } from '@nightshift/sdk';

declare const plugin: JobTypePlugin;
export default plugin;
