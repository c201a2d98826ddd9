/** Of the package that people install. */
export const VERSION = '0.1.0';
