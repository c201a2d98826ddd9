/** The only importer of `yaml`: what is used of it, by `read-yaml.ts` with all its guards, and by those that write. */
export { Composer, CST, Document, isAlias, isMap, isScalar, isSeq, Lexer, Parser, visit } from 'yaml';
