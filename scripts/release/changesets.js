import { readdirSync, readFileSync, rmSync } from 'node:fs'

/** The changesets that wait for the next version: `file` and `summary`, in the order of their names. */
export function pendingChangesets(root) {
  return readdirSync(`${root}/.changeset`)
    .filter((name) => name.endsWith('.md') && name !== 'README.md')
    .sort()
    .map((name) => {
      const file = `${root}/.changeset/${name}`
      return {
        file,
        summary: readFileSync(file, 'utf8')
          .replace(/^---\n[\s\S]*?^---\n/m, '')
          .trim(),
      }
    })
}

export function removeChangesets(changesets) {
  for (const { file } of changesets) rmSync(file)
}
