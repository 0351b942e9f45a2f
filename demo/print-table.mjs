/** Prints rows under their column names, numbers to the right. */
export function printTable({ columns, rows }) {
  const cells = [columns, ...rows.map((row) => row.map((cell) => (cell === null ? '' : String(cell))))];
  const widths = columns.map((_, i) => Math.max(...cells.map((row) => row[i].length)));
  const numeric = columns.map((_, i) => rows.length > 0 && rows.every((row) => row[i] === null || /^-?[\d.]+$/.test(String(row[i]))));
  for (const row of cells)
    console.log(`  ${row.map((cell, i) => (numeric[i] ? cell.padStart(widths[i]) : cell.padEnd(widths[i]))).join('  ')}`);
}
