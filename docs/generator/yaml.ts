/** A value as it is written in one line of YAML. Texts are quoted where they would be read as something else. */
export function yaml(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(yaml).join(', ')}]`;
  if (typeof value === 'object' && value !== null) return `{ ${Object.entries(value).map(([key, member]) => `${key}: ${yaml(member)}`).join(', ')} }`;
  return typeof value === 'string' && !isPlain(value) ? JSON.stringify(value) : String(value);
}

function isPlain(text: string): boolean {
  return /^(?!(?:true|false|null|yes|no|on|off)$)(?:[A-Za-z.]|\d+(?:ms|[smhdw]|MB))[\w. /@:-]*$/i.test(text) && !/: |[:-]$/.test(text);
}
