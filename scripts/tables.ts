/** Tables and codes of the written documentation (`docs.ts`, `schema.ts`). */

/** A heading and its table; bars inside a cell are escaped. @param heading With its marks, such as `## Events`. */
export function section(heading: string, heads: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [`${heading}\n`, line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n');
}

export function code(text: string): string {
  return `\`${text}\``;
}
