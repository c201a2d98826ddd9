/** Pools of warm workers, for hosts that run thread jobs themselves. */
export { bodyOf } from './body.ts';
export { workerFile } from './hand.ts';
export { namesOfTask } from './messages.ts';
export { createThreadPool, DEFAULT_LIMIT, messageOf, type Ending, type PooledJob, type StopHow, type ThreadPool, type ThreadTask, type Work } from './pool.ts';
