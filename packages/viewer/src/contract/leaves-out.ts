/** Whether a span's name leaves out a word of its summary: a driver's `sql.conn.query` does, `SELECT item` does not. */
export function leavesOut(name: string, summary: string): boolean {
  const said = name.toLowerCase()
  return summary.split(' ').some((word) => !said.includes(word.toLowerCase()))
}
