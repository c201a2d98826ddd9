/**
 * @nightshift/definitions: from a definition path to checked definitions. Every complaint has file, line, column and an
 * excerpt. Nothing that is found is run, expanded or followed out of its folder.
 */
export type { CheckTrigger } from './check-triggers.ts';
export { DEFINITION_KEYS, type KeyRule, type Keys, OPTION_KEYS, TRIGGER_KEYS, TRIGGER_KINDS, type ValueRule } from './definition-keys.ts';
export { definitionKey, insideProject, namespaceOf, projectRoot } from './definition-path.ts';
export { type CheckedMap, readCheckedMap } from './read-checked-map.ts';
export { shownPath } from './inside.ts';
export { type DefinitionFile, listFolder } from './list-folder.ts';
export { checkFile, createYamlDefinitions, type DefinitionsOptions } from './yaml-definitions.ts';
