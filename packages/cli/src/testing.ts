/** The conformance kits, for the tests of plugins, and the product's own reader of plugins that are programs. */
export { openProgramPlugin, type OpenedProgramPlugin } from '@nightshift/stdio-job';
export * from '@nightshift/testing';
