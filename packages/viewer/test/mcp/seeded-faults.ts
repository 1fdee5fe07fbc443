import type { TestSpan } from '../spans.ts'

/** A fault that was put in, what a user would say of it, and the statement that is to blame. */
export interface SeededFault {
  readonly said: string
  readonly asks: 'find_errors' | 'find_slow'
  readonly query: string
  readonly guilty: string
  readonly spans: readonly TestSpan[]
}

let trace = 0x5eed00

type Attributes = NonNullable<TestSpan['attributes']>

const sql = (text: string, more: Attributes = {}): Attributes => ({
  ...{ 'db.system.name': 'postgresql', 'db.query.text': text, ...more },
})

/** A request through two services with two statements, of which the last may be at fault. */
function request(
  name: string,
  guilty: Partial<TestSpan>,
  more: { took?: number; error?: boolean; status?: number; between?: TestSpan[] } = {},
): TestSpan[] {
  trace += 1
  const { took = 20, error = false, status = error ? 500 : 200, between = [] } = more
  const of = (span: TestSpan): TestSpan => ({ ...span, trace })
  return [
    of({
      ...{ id: 1, service: 'gateway', name, kind: 'server', took, error },
      attributes: { 'http.response.status_code': status, 'http.route': name.split(' ')[1] ?? '' },
    }),
    of({
      id: 2,
      parent: 1,
      service: 'gateway',
      name: 'POST',
      kind: 'client',
      at: 1,
      took: took - 2,
      error,
    }),
    of({
      id: 3,
      parent: 2,
      service: 'backend',
      name: `handle ${name}`,
      kind: 'server',
      at: 2,
      took: took - 4,
      error,
    }),
    of({
      ...{ id: 4, parent: 3, service: 'backend', name: 'query', kind: 'client', at: 3, took: 1 },
      attributes: sql('SELECT * FROM session WHERE token = $1'),
    }),
    ...between.map(of),
    of({
      id: 5,
      parent: 3,
      service: 'backend',
      name: 'query',
      kind: 'client',
      at: 5,
      took: 2,
      ...guilty,
    }),
  ]
}

/** The same request, as it usually is. */
function usually(name: string, attributes: Attributes, count = 12): TestSpan[] {
  return Array.from({ length: count }, () => request(name, { attributes })).flat()
}

function failing(
  name: string,
  said: string,
  text: string,
  code: string,
  message: string,
): SeededFault {
  const broken = {
    attributes: sql(text, { 'db.response.status_code': code }),
    error: message,
    took: 5,
  }
  return {
    ...{ said, asks: 'find_errors', query: `root.name="${name}"`, guilty: text },
    spans: [...usually(name, sql(text)), ...request(name, broken, { took: 30, error: true })],
  }
}

function slow(name: string, said: string, attributes: Attributes, guilty: string): SeededFault {
  return {
    ...{ said, asks: 'find_slow', query: `root.name="${name}"`, guilty },
    spans: [
      ...usually(name, attributes),
      ...request(name, { attributes, took: 700 }, { took: 720 }),
    ],
  }
}

const PRICE = 'SELECT price FROM price_list WHERE item = $1'
const LEDGER = 'UPDATE ledger SET balance = balance - $1 WHERE id = $2'
const INVOICE = 'INSERT INTO invoice (order_id, total) VALUES ($1, $2)'
const AUDIT = 'INSERT INTO audit (who, what) VALUES ($1, $2)'

/** A request whose failed statement is tried again, so that the whole succeeds. */
function survived(): SeededFault {
  const name = 'POST /transfer'
  const first: TestSpan = {
    ...{ id: 9, parent: 3, service: 'backend', name: 'query', kind: 'client', at: 4, took: 1 },
    attributes: sql(LEDGER, { 'db.response.status_code': '40P01' }),
    error: 'deadlock detected',
  }
  return {
    ...{ said: 'Some transfers log an error, though they succeed.', asks: 'find_errors' },
    ...{ query: `root.name="${name}"`, guilty: LEDGER },
    spans: [
      ...usually(name, sql(LEDGER)),
      ...request(name, { attributes: sql(LEDGER) }, { between: [first] }),
    ],
  }
}

function repeated(): SeededFault {
  const name = 'GET /basket'
  const many = Array.from(
    { length: 40 },
    (_, at): TestSpan => ({
      ...{ id: 100 + at, parent: 3, service: 'backend', name: 'query', kind: 'client' },
      ...{ at: 6 + at * 2, took: 1.5, attributes: sql(PRICE) },
    }),
  )
  return {
    ...{ said: 'The basket is slow with many items.', asks: 'find_slow' },
    ...{ query: `root.name="${name}"`, guilty: PRICE },
    spans: [
      ...usually(name, sql(PRICE)),
      ...request(name, { attributes: sql('SELECT 1') }, { took: 100, between: many }),
    ],
  }
}

/** Slow only in the consumer of a message, which the request does not wait for. */
function behindQueue(): SeededFault {
  const name = 'POST /checkout'
  const queue = { 'messaging.system': 'kafka', 'messaging.destination.name': 'invoices' }
  const consumer = (took: number): TestSpan[] => [
    {
      ...{ id: 20, parent: 3, service: 'backend', name: 'send invoices', kind: 'producer' },
      ...{ at: 8, took: 1, attributes: queue },
    },
    {
      ...{ id: 21, parent: 20, service: 'billing', name: 'process invoices', kind: 'consumer' },
      ...{ at: 10, took, attributes: queue },
    },
    {
      ...{ id: 22, parent: 21, service: 'billing', name: 'query', kind: 'client' },
      ...{ at: 11, took: took - 2, attributes: sql(INVOICE) },
    },
  ]
  const once = (took: number): TestSpan[] =>
    request(name, { attributes: sql(AUDIT) }, { between: consumer(took) })
  return {
    ...{ said: 'Invoices of the checkout come late.', asks: 'find_slow' },
    ...{ query: 'service:billing', guilty: INVOICE },
    spans: [...Array.from({ length: 12 }, () => once(8)).flat(), ...once(900)],
  }
}

/** Ten faults, all in one viewer. */
export const SEEDED_FAULTS: readonly SeededFault[] = [
  failing(
    ...(['POST /orders', 'Orders fail.', 'UPDATE shelf SET n = n - $1 WHERE item = $2'] as const),
    ...(['23514', 'violates check constraint "stock_not_negative"'] as const),
  ),
  failing(
    ...(['GET /report', 'The report answers 500.', 'SELECT sum(total) FORM orders'] as const),
    ...(['42601', 'syntax error at or near "orders"'] as const),
  ),
  failing(
    ...([
      'DELETE /sessions',
      'Nobody can log out.',
      'DELETE FROM session WHERE user_id = $1',
    ] as const),
    ...(['57014', 'canceling statement due to statement timeout'] as const),
  ),
  survived(),
  repeated(),
  behindQueue(),
  slow(
    ...(['GET /search', 'The search is slow at times.'] as const),
    sql('SELECT * FROM item WHERE title ILIKE $1'),
    'SELECT * FROM item WHERE title ILIKE $1',
  ),
  slow(
    ...(['POST /seats', 'To book a seat takes long when the hall is full.'] as const),
    sql('SELECT * FROM seat WHERE hall = $1 FOR UPDATE'),
    'SELECT * FROM seat WHERE hall = $1 FOR UPDATE',
  ),
  slow(
    ...(['GET /statistics', 'Statistics are slow.'] as const),
    {
      ...{ 'db.system.name': 'mongodb', 'db.operation.name': 'aggregate' },
      'db.collection.name': 'clicks',
    },
    'aggregate clicks',
  ),
  slow(
    ...(['GET /online', 'Who is online is slow.'] as const),
    { 'db.system.name': 'redis', 'db.query.text': 'KEYS session:*', 'db.operation.name': 'KEYS' },
    'KEYS session:*',
  ),
]
