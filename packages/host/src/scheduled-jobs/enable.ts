/** Whether the triggers of a definition fire; each keeps a word of its own. Source: scheduled-jobs.md section 11. */
import { editDefinition, type EditParts, type Edited } from './edit-definition.ts';

const CODES = { io: 'CantSetEnableOnScheduledJobDefinition', access: 'CantSetEnableOnScheduledJobDefinition' };

/** Nothing is written of one that is so already. Throws `CantSetEnableOnScheduledJobDefinition`, and what `editDefinition` does. */
export function setEnabled(parts: EditParts, definition: { readonly file: string }, enabled: boolean): Promise<Edited> {
  // Where nothing is said it is enabled.
  return editDefinition(parts, definition, ({ values }) => (enabled && values['enabled'] === undefined ? [] : [{ path: ['enabled'], value: enabled }]), CODES);
}
