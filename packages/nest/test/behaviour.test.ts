import { describe, expect, it, jest } from '@jest/globals'
import { LINES, type Line, runChild } from './run-child.ts'

// The first test of each platform waits for all that its process does.
jest.setTimeout(240_000)

interface Seen {
  readonly path: string
  readonly outside: readonly string[]
}

const OK = { outside: [], exceptions: [], tenant: 'acme' }
const HANDLED = 'guard handler interceptor middleware'
const PASSED = 'guard interceptor middleware'
const FAILED = { outside: [], errorType: 'OutOfStock', exceptions: ['handler'], inSpan: PASSED }

const EXPECTED: readonly [path: string, what: string, expected: object][] = [
  [
    'of/7',
    'runs everything in the span, whose route has its prefix and version',
    {
      ...OK,
      status: 200,
      name: 'GET /api/v1/items/of/:id',
      inSpan: HANDLED,
      inner: ['Stock.find', 0, true],
      isInnerActive: true,
    },
  ],
  ['error', 'records what a handler throws', { ...FAILED, status: 500, tenant: 'acme' }],
  ['rejects', 'records what a handler rejects with', { ...FAILED, status: 500 }],
  [
    'lost',
    'records what a traced method throws, on its span too',
    {
      ...FAILED,
      status: 500,
      exceptions: ['lost'],
      inner: ['Stock.lose', 2, true],
    },
  ],
  ['missing', 'leaves out an exception that is a 404', { ...OK, status: 404, inSpan: PASSED }],
  [
    'unavailable',
    'records an exception that is a 503',
    {
      status: 503,
      errorType: 'HttpException',
      exceptions: ['later'],
    },
  ],
  [
    'range',
    "leaves an exception to the application's own global filter, and records it",
    {
      status: 507,
      errorType: 'RangeError',
      exceptions: ['out'],
    },
  ],
  [
    'guard',
    'records what a guard throws',
    {
      status: 500,
      name: 'GET /api/v1/items/guard',
      errorType: 'OutOfStock',
      exceptions: ['guard'],
      inSpan: 'guard middleware',
    },
  ],
  ['refused', 'leaves out what a guard refuses', { status: 403, exceptions: [] }],
  [
    'bounds',
    "records what a guard throws and the application's own global filter answers",
    { status: 507, errorType: 'RangeError', exceptions: ['guard'] },
  ],
  [
    'teapot',
    'leaves out an exception that a filter made a 418',
    {
      ...OK,
      status: 418,
      inSpan: 'filter guard interceptor middleware',
    },
  ],
  [
    'all',
    "records an exception that the controller's filter answers with 503",
    {
      status: 503,
      errorType: 'OutOfStock',
      exceptions: ['handler'],
    },
  ],
  [
    'events',
    'sends events in the span',
    {
      ...OK,
      status: 200,
      name: 'GET /api/v1/items/events',
      inSpan: `event ${PASSED}`,
    },
  ],
  // On Express, Nest 12 makes a route of the wildcard that a middleware is bound to.
  [
    'none/such',
    'gives an unknown path no route',
    {
      status: 404,
      name: expect.stringMatching(/^GET( \/api\/\*path)?$/),
      exceptions: [],
    },
  ],
]

describe.each(Object.keys(LINES) as Line[])('%s', (line) => {
  const onExpress = runChild<Seen>(line, 'behaviour.ts', ['express'])
  const onFastify = runChild<Seen>(line, 'behaviour.ts', ['fastify'])

  describe.each([
    { platform: 'express', all: onExpress },
    { platform: 'fastify', all: onFastify },
  ])('on $platform', ({ all }) => {
    it.each(EXPECTED)('%s: %s', async (path, _what, expected) => {
      const seen = (await all).find((each) => each.path === path)
      expect(seen).toMatchObject(expected)
    })
  })

  it('traces a preflight on express', async () => {
    const seen = (await onExpress).find(({ path }) => path === 'OPTIONS of/7')
    expect(seen).toMatchObject({ status: 204, name: 'OPTIONS', exceptions: [] })
  })
})
