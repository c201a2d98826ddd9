/** The contract of job types, for plugins: it comes with the product, so that a plugin needs one package and no second version. */
export * from '@nightshift/sdk';
