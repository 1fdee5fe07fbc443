// The words of SQL that a summary is made by, in lower case.

/** Verbs of statements about rows. */
export const DATA: ReadonlySet<string> = words('select insert update delete merge replace')

/** Verbs of statements about tables and other objects. */
export const DEFINITION: ReadonlySet<string> = words('create alter drop truncate rename comment')

/** Verbs with the name of a procedure behind them. */
export const CALLS: ReadonlySet<string> = words('call exec execute')

/** Verbs that are said alone. */
export const OTHER_VERBS: ReadonlySet<string> = words(
  `begin start commit rollback abort end savepoint release set reset show explain analyze vacuum
  listen notify unlisten copy declare fetch close move lock unlock grant revoke prepare deallocate
  discard values table use describe desc pragma attach detach do checkpoint cluster reindex refresh
  import load handler kill flush optimize repair check`,
)

/** What is defined: said between the verb and the name. */
export const OBJECTS: ReadonlySet<string> = words(
  'table view index schema database sequence function procedure trigger type role user extension',
)

export const BEFORE_OBJECT: ReadonlySet<string> = words(
  'or replace temp temporary unlogged materialized unique global local external virtual concurrently',
)

export const BEFORE_NAME: ReadonlySet<string> = words('if not exists only concurrently')

export const BEFORE_TARGET: ReadonlySet<string> = words('only lateral ignore low_priority quick')

export const TARGET_FOLLOWS: ReadonlySet<string> = words('from join into using')

export const ENDS_TARGETS: ReadonlySet<string> = words(
  'where group order having limit offset union intersect except set values returning window fetch for on',
)

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(/\s+/))
}
