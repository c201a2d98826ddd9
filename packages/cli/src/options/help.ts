import { COMMON, type Option, type VerbTable } from './option-table.ts';

/** One screen: what it does, lines to copy, how it is called, every option. */
export function helpText(table: VerbTable): string {
  const options = Object.entries({ ...table.options, ...COMMON });
  const heads = options.map(([name, option]) => headOf(name, option));
  const width = Math.max(...heads.map((head) => head.length));
  return [
    `${table.name}: ${table.summary}`,
    '',
    ...table.examples.map((line) => `  $ ${line}`),
    '',
    ...table.usage.map((line, index) => `${index === 0 ? 'Usage: ' : '       '}${table.name} ${line}`),
    '',
    ...options.map(([, option], index) => `  ${(heads[index] as string).padEnd(width)}  ${option.help}`),
    '',
  ].join('\n');
}

function headOf(name: string, { short, value, kind }: Option): string {
  const shown = kind === 'words' ? ` ${value ?? 'WORD'}…` : kind === 'switch' ? '' : ` ${value ?? 'TEXT'}`;
  return `${short === undefined ? '    ' : `-${short}, `}--${name}${shown}`;
}
