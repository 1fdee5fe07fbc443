export type Dialect = 'postgresql' | 'mysql'

// Each dialect adds 20 KB to the package; similar ones share one.
const dialects: Readonly<Record<string, Dialect>> = {
  postgresql: 'postgresql',
  'microsoft.sql_server': 'postgresql',
  mysql: 'mysql',
  mariadb: 'mysql',
  sqlite: 'postgresql',
}

/** The dialect of SQL that a database speaks; undefined when it speaks none that is known. */
export function dialectOf(system: string): Dialect | undefined {
  return Object.hasOwn(dialects, system) ? dialects[system] : undefined
}
