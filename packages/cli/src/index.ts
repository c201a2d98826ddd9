/** The library: the same verbs, in a program of your own. */
export * from '@nightshift/host';
