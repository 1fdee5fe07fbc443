import { formatDialect, mysql, postgresql } from 'sql-formatter'
import type { Dialect } from './sql-dialect.ts'

const dialects = { postgresql, mysql }

/** The statement on several lines; undefined when it is cut off, or not SQL that can be read. */
export function formatSql(text: string, dialect: Dialect): string | undefined {
  const options = { dialect: dialects[dialect], tabWidth: 2, keywordCase: 'preserve' } as const
  try {
    return formatDialect(text, options)
  } catch {
    return undefined
  }
}
