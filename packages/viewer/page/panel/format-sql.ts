import { formatDialect, mysql, postgresql } from 'sql-formatter'

// Each dialect weighs 20 KB in the package; what reads alike shares one.
const dialects: Record<string, typeof postgresql> = {
  postgresql,
  'microsoft.sql_server': postgresql,
  mysql,
  mariadb: mysql,
  sqlite: postgresql,
}

/** The statement on several lines; undefined when it is not SQL that can be read. */
export function formatSql(text: string, system: string): string | undefined {
  const dialect = dialects[system]
  if (!dialect || text.length > 20_000) return undefined
  try {
    return formatDialect(text, { dialect, tabWidth: 2, keywordCase: 'preserve' })
  } catch {
    return undefined
  }
}
