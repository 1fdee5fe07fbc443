const COLUMNS = ['files', 'packed', 'unpacked', 'modules']
/** The part of itself by which a package may grow before it must be told. */
const MAX_GROWTH = 0.1

/** The page of sizes: a row for each package and entry. */
export function pageOf(rows) {
  const lines = rows.map(({ name, ...sizes }) => {
    const cells = COLUMNS.map((column) => sizes[column]?.toLocaleString('en') ?? '')
    return `| \`${name}\` | ${cells.join(' | ')} |`
  })
  return `# What the packages weigh

Bytes as npm packs and unpacks them, without their dependencies; modules are the files that Node loads to import an entry, those of its dependencies included. \`node scripts/package-sizes.js --write\` measures again and writes this page; \`npm run check\` fails when a figure has grown by more than a tenth.

| package or entry | files | packed | unpacked | modules loaded |
|---|---|---|---|---|
${lines.join('\n')}
`
}

/** The rows that a page of sizes has. */
export function rowsOf(page) {
  return [...page.matchAll(/^\| `([^`]+)` \|(.*)\|$/gm)].map(([, name, cells]) => {
    const figures = cells.split('|').map((cell) => cell.replaceAll(',', '').trim())
    const given = COLUMNS.map((column, index) => [column, figures[index]]).filter(
      ([, each]) => each,
    )
    return { name, ...Object.fromEntries(given.map(([column, each]) => [column, Number(each)])) }
  })
}

/** What grew, came or went since it was recorded, one sentence each. */
export function growth(recorded, measured) {
  const known = new Map(recorded.map((row) => [row.name, row]))
  const present = new Set(measured.map(({ name }) => name))
  return [
    ...recorded.filter(({ name }) => !present.has(name)).map(({ name }) => `${name} is gone`),
    ...measured.flatMap((row) => {
      const before = known.get(row.name)
      if (before === undefined) return [`${row.name} is not recorded`]
      return COLUMNS.filter((column) => row[column] > before[column] * (1 + MAX_GROWTH)).map(
        (column) => `${row.name}: ${column} grew from ${before[column]} to ${row[column]}`,
      )
    }),
  ]
}
