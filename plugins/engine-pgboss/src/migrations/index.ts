import { STORE_001 } from './001-store.ts';
import { QUEUE_002 } from './002-queue.ts';
import { IDS_003 } from './003-ids.ts';

/** The schema's versions, oldest first. A step is run once, with our schema alone on the search path; it never changes afterwards. */
export const MIGRATIONS: readonly string[] = [STORE_001, QUEUE_002, IDS_003];
