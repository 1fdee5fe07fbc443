import { traceQuery } from '@callchain/databases'
import { PGlite } from '@electric-sql/pglite'

/** A Postgres in this process, with ten lamps and no vase. */
const database = await PGlite.create()
await database.exec(`
  CREATE TABLE stock (item text PRIMARY KEY, quantity integer NOT NULL CHECK (quantity >= 0));
  INSERT INTO stock VALUES ('lamp', 10), ('vase', 0);
`)

/** Takes some of an item away; resolves to how many are left, or to `undefined` if there are too few. */
export async function take(item: string, quantity: number): Promise<number | undefined> {
  const text =
    'UPDATE stock SET quantity = quantity - $1 WHERE item = $2 AND quantity >= $1 RETURNING quantity'
  const values = [quantity, item]
  const { rows } = await traceQuery({ system: 'postgresql', text, values }, () =>
    database.query<{ quantity: number }>(text, values),
  )
  return rows[0]?.quantity
}
