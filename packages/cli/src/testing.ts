/** The conformance kits, for the tests of plugins; what reads a program plugin is the product's own reader. */
export { readProgramPlugin } from '@nightshift/host';
export * from '@nightshift/testing';
