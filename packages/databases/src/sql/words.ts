// The words of SQL that a summary is made from, in lower case.

/** Verbs of statements about rows. */
export const DATA: ReadonlySet<string> = words('select insert update delete merge replace upsert')

/** Verbs of statements about tables and other objects. */
export const DEFINITION: ReadonlySet<string> = words(
  'create alter drop truncate rename comment refresh reindex',
)

/** Verbs with the name of a procedure, or of a table, after them. */
export const CALLS: ReadonlySet<string> = words(
  'call exec execute copy lock table describe desc optimize repair check',
)

/** The same, with options in between. */
export const UPKEEP: ReadonlySet<string> = words('vacuum analyze cluster')

/** Verbs of statements in which others are the names of rights. */
export const RIGHTS: ReadonlySet<string> = words('grant revoke')

/** Verbs that stand alone. */
export const OTHER_VERBS: ReadonlySet<string> = words(
  `begin start commit rollback abort end savepoint release set reset show explain listen notify
  unlisten declare fetch close move unlock grant revoke prepare deallocate discard values use pragma
  attach detach do checkpoint import load handler kill flush`,
)

/** What is defined: it stands between the verb and the name. */
export const OBJECTS: ReadonlySet<string> = words(
  `table tables view index schema database sequence function procedure trigger type role user extension
  subscription publication policy event login domain server aggregate synonym package keyspace`,
)

export const BEFORE_OBJECT: ReadonlySet<string> = words(
  `or replace temp temporary unlogged materialized unique global local external virtual foreign
  concurrently on`,
)

export const BEFORE_NAME: ReadonlySet<string> = words('if not exists only concurrently')

export const BEFORE_TARGET: ReadonlySet<string> = words(
  'only lateral ignore low_priority quick into overwrite table tables binary full freeze verbose or replace abort fail all',
)

export const TARGET_FOLLOWS: ReadonlySet<string> = words('from join into using')

export const ENDS_TARGETS: ReadonlySet<string> = words(
  'where group order having limit offset union intersect except set values returning window fetch for on',
)

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(/\s+/))
}
