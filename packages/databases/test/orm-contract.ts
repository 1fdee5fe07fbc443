import { createRecorder, type Recorder } from '@callchain/testing'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { SpanKind, trace } from '@opentelemetry/api'

/** An ORM on one traced connection. */
export interface Orm {
  /** Reads the ids of the customers of a city, which is bound. */
  read(city: string): Promise<unknown[]>
  /** Adds a customer, in a transaction. */
  add(id: number, city: string): Promise<unknown>
  close(): Promise<unknown>
}

/** ORMs by name; each is connected to the database of a URL. */
export type Orms = Readonly<Record<string, (url: string) => Orm | Promise<Orm>>>

/** A database with the table `customers (id int, city text)` and the customer 1 of the city `a`. */
export interface OrmDatabase {
  readonly url: string
  stop(): Promise<void>
}

/** Declares what must hold for every ORM: each statement is under its own request. */
export function ormContract(server: string, orms: Orms, start: () => Promise<OrmDatabase>): void {
  describe.each(Object.entries(orms))(`%s on a traced connection to ${server}`, (_, connect) => {
    let database: OrmDatabase
    let recorder: Recorder
    let orm: Orm
    beforeAll(async () => {
      database = await start()
    })
    afterAll(() => database.stop())
    beforeEach(async () => {
      recorder = createRecorder()
      orm = await connect(database.url)
      await orm.read('nowhere')
      recorder.reset()
    })
    afterEach(async () => {
      await orm.close()
      await recorder.settled()
      await recorder.shutdown()
    })

    it('puts each statement under its own request while they wait for one connection', async () => {
      const cities = ['a', 'b', 'c']
      const results = await Promise.all(cities.map((city) => inRequest(city, () => orm.read(city))))
      expect(results).toEqual([[{ id: 1 }], [], []])
      for (const city of cities) {
        const statements = statementsOf(city, recorder)
        expect(statements.map(({ name }) => plain(name))).toEqual(['SELECT customers'])
        expect(statements[0]?.attributes['db.query.text']).toMatch(/where .*city\W* = (\$1|\?)/i)
      }
    })

    it('puts the statements of each transaction under its own request likewise', async () => {
      const cities = ['d', 'e', 'f']
      await Promise.all(
        cities.map((city, index) => inRequest(city, () => orm.add(index + 10, city))),
      )
      for (const city of cities) {
        const names = statementsOf(city, recorder).map(({ name }) => plain(name))
        expect(names.filter((name) => !name.startsWith('SET'))).toEqual([
          expect.stringMatching(/^(BEGIN|START)/),
          'INSERT customers',
          'COMMIT',
        ])
        expect(await orm.read(city)).toHaveLength(1)
      }
    })
  })
}

function inRequest<T>(name: string, run: () => Promise<T>): Promise<T> {
  return trace.getTracer('test').startActiveSpan(name, async (span) => {
    try {
      return await run()
    } finally {
      span.end()
    }
  })
}

/** The spans of statements under the request of a name. */
function statementsOf(request: string, recorder: Recorder): ReturnType<Recorder['spans']> {
  const parent = recorder.spans().find(({ name }) => name === request)
  return recorder
    .spans()
    .filter(({ kind }) => kind === SpanKind.CLIENT)
    .filter(({ parentSpanContext }) => parentSpanContext?.spanId === parent?.spanContext().spanId)
}

/** The name of a span in one spelling: ORMs differ in case, in quotes and in the schema. */
function plain(name: string): string {
  return name
    .toUpperCase()
    .replaceAll(/["`]/g, '')
    .replace('PUBLIC.', '')
    .replace('CUSTOMERS', 'customers')
}
