/**
 * @nightshift/definitions: from a definition path to checked definitions, and from values back to files. Every complaint has
 * file, line, column and an excerpt. Nothing that is found is run, expanded or followed out of its folder.
 */
export type { CheckTrigger } from './check-triggers.ts';
export { DEFINITION_KEYS, type KeyRule, type Keys, OPTION_KEYS, TRIGGER_KEYS, TRIGGER_KINDS, type ValueRule } from './definition-keys.ts';
export { definitionKey, insideProject, namespaceOf, projectRoot } from './definition-path.ts';
export { editYaml } from './edit/edit-yaml.ts';
export type { Edit } from './edit/plan-edit.ts';
export { readForeignYaml } from './foreign-yaml.ts';
export { hideSecrets, holdsPassword, isReference, isSensitive } from './hide-secrets.ts';
export { shownPath } from './inside.ts';
export { definitionSchema, type DescribedType } from './json-schema/definition-schema.ts';
export { type DefinitionFile, listFolder, refuseFull } from './list-folder.ts';
export { type CheckedMap, readCheckedMap } from './read-checked-map.ts';
export { isSameFile, moveFile, removeFile } from './move-file.ts';
export { readDefinitionFile } from './read-definition-file.ts';
export { replaceFile, type ReplaceOptions } from './replace-file.ts';
export { watchDefinitions, type WatchParts } from './watch.ts';
export { sourceFiles } from './source-files.ts';
export { type CheckedValue, checkTyped, readTypedMaps, type TypedMap } from './typed-text.ts';
export { withoutPlaces } from './without-places.ts';
export { type Comments, definitionText } from './write-yaml.ts';
export { checkFile, createYamlDefinitions, type DefinitionsOptions, type YamlDefinitions } from './yaml-definitions.ts';
