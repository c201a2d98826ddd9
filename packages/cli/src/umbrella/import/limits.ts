/** Most jobs of one file: as many as a folder of definitions may hold. */
export const MOST_ENTRIES = 10_000;
