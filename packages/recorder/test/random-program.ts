import fc from 'fast-check'

/** One call on a span. */
export type Step =
  | { readonly call: 'setAttribute'; readonly key: string; readonly value: unknown }
  | { readonly call: 'setAttributes'; readonly attributes: Entries }
  | { readonly call: 'addEvent'; readonly args: readonly unknown[]; readonly attributes?: Entries }
  | { readonly call: 'addLink'; readonly link: LinkPlan }
  | { readonly call: 'addLinks'; readonly link: LinkPlan }
  | { readonly call: 'setStatus'; readonly status: { code: number; message?: unknown } }
  | { readonly call: 'updateName'; readonly name: string }
  | { readonly call: 'recordException'; readonly exception: unknown; readonly time?: unknown }
  | { readonly call: 'end'; readonly time?: unknown }

export type Entries = readonly (readonly [string, unknown])[]

export interface LinkPlan {
  readonly context: ContextPlan
  readonly attributes?: Entries | undefined
}

export interface ContextPlan {
  readonly traceId: string
  readonly spanId: string
  readonly traceFlags: number
  readonly isRemote?: boolean | undefined
  readonly traceState?: string | undefined
}

export interface SpanPlan {
  readonly name: string
  readonly kind?: number | undefined
  readonly attributes?: Entries | undefined
  readonly links?: readonly LinkPlan[] | undefined
  readonly startTime: unknown
  readonly root?: boolean | undefined
  readonly suppressed: boolean
  readonly scope: number
  /** A context of a caller, a span before this one, or none. */
  readonly parent: ContextPlan | number | undefined
  readonly steps: readonly Step[]
}

export interface Program {
  readonly limits: Readonly<Record<string, number>>
  readonly sampler: SamplerPlan
  readonly spans: readonly SpanPlan[]
}

export interface SamplerPlan {
  readonly kind: 'on' | 'off' | 'ratio' | 'parent' | 'parentRatio' | 'own'
  readonly ratio: number
  readonly decision: number
  readonly attributes: Entries
  readonly traceState?: string | undefined
}

const text = fc.oneof(
  { weight: 6, arbitrary: fc.string({ maxLength: 24 }) },
  { weight: 3, arbitrary: fc.string({ unit: 'grapheme', maxLength: 60 }) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  { weight: 1, arbitrary: fc.constantFrom('\ud800', 'a\udc00b', 'é'.repeat(60), 'x'.repeat(127)) },
  { weight: 1, arbitrary: fc.nat(20_000).map((length) => 'ab€'.repeat(length / 3)) },
)
const number = fc.oneof(
  fc.integer(),
  fc.double(),
  fc.constantFrom(0, -0, -1, 127, 128, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 32 + 1, -(2 ** 32)),
  fc.constantFrom(
    2 ** 53,
    2 ** 53 + 2,
    -(2 ** 53) - 2,
    2 ** 63,
    -(2 ** 63),
    2 ** 63 - 1024,
    2 ** 64,
  ),
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e-320, 0.1),
)
const gaps = <T>(item: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
  fc.array(fc.oneof({ weight: 5, arbitrary: item }, fc.constantFrom(null, undefined)), {
    maxLength: 6,
  })
const valid = fc.oneof(text, number, fc.boolean(), gaps(text), gaps(number), gaps(fc.boolean()))
/** What neither line of the SDK takes. */
const illegal = fc.constantFrom<unknown>(
  ...[10n, Symbol.iterator, (): number => 1, new Date(0), /x/, new Map(), [1n], [() => 1]],
  ...[new (class Own {})(), [Symbol.iterator], [[1n]], Object.assign([], { a: 1 })],
)
const value = fc.oneof({ weight: 6, arbitrary: valid }, { weight: 1, arbitrary: illegal })
const valueOrNothing = fc.oneof(
  { weight: 8, arbitrary: value },
  { weight: 1, arbitrary: fc.constantFrom(null, undefined) },
)
// Not what an object puts elsewhere than it was written.
const key = fc
  .oneof(
    { weight: 4, arbitrary: fc.constantFrom('a', 'b', 'http.route', 'url.path', 'toString', '') },
    { weight: 2, arbitrary: text },
  )
  .filter((name) => name !== '__proto__' && !/^(0|[1-9]\d*)$/.test(name))
// On a span null is a value of ours, and nothing in SDK 2.
const entries = (of: fc.Arbitrary<unknown>): fc.Arbitrary<Entries> =>
  fc.array(fc.tuple(key, of), { maxLength: 7 })
const spanValue = fc.oneof({ weight: 9, arbitrary: value }, fc.constant(undefined))

const hex = (digits: number): fc.Arbitrary<string> =>
  fc
    .array(fc.constantFrom(...'0123456789abcdef'), { minLength: digits, maxLength: digits })
    .map((all) => all.join(''))
const contextPlan: fc.Arbitrary<ContextPlan> = fc.record({
  traceId: fc.oneof({ weight: 9, arbitrary: hex(32) }, fc.constantFrom('0'.repeat(32), 'abc', '')),
  spanId: fc.oneof({ weight: 9, arbitrary: hex(16) }, fc.constantFrom('0'.repeat(16), 'xyz', 'AF')),
  traceFlags: fc.constantFrom(0, 1, 1, 2, 3, 255),
  isRemote: fc.constantFrom(true, false, undefined),
  traceState: fc.constantFrom(undefined, undefined, 'a=1', 'a=1,b=2', ''),
})
const link: fc.Arbitrary<LinkPlan> = fc.record({
  context: contextPlan,
  attributes: fc.option(entries(valueOrNothing), { nil: undefined }),
})

const EPOCH = 1_790_000_000_000
const time = fc.oneof(
  fc.constant(undefined),
  fc.double({ min: -5, max: 5000, noNaN: true }),
  fc.nat(100_000).map((after) => EPOCH + after),
  fc.double({ min: EPOCH, max: EPOCH + 1e6, noNaN: true }),
  fc.nat(100_000).map((after) => new Date(EPOCH + after)),
  fc.tuple(fc.constantFrom(0, 1_790_000_000, 1.5, 2 ** 32), fc.nat(999_999_999)),
)
const exception = fc.oneof(
  text,
  text.map((message) => Object.assign(new Error(message), { stack: `Error: ${message}\n at x` })),
  fc.record(
    {
      code: fc.oneof(text, number),
      name: text,
      message: fc.oneof(text, number),
      stack: text,
    },
    // Of an object without a prototype SDK 2 cannot even make its warning, and throws.
    { requiredKeys: [], noNullPrototype: true },
  ),
  fc.constantFrom<unknown>(undefined, null, 0, 7, {}, '', { message: '' }),
)

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ call: fc.constant('setAttribute' as const), key, value: spanValue }),
  },
  fc.record({ call: fc.constant('setAttributes' as const), attributes: entries(spanValue) }),
  fc.record({
    call: fc.constant('addEvent' as const),
    args: fc.oneof(
      fc.tuple(text, time),
      fc.tuple(text, fc.constant('attributes'), time),
      fc.tuple(text, time, time),
      fc.tuple(text, fc.constant('attributes')),
      fc.tuple(text),
    ),
    attributes: entries(valueOrNothing),
  }),
  fc.record({ call: fc.constant('addLink' as const), link }),
  fc.record({ call: fc.constant('addLinks' as const), link }),
  fc.record({
    call: fc.constant('setStatus' as const),
    status: fc.record(
      {
        code: fc.constantFrom(0, 1, 2, 2),
        message: fc.oneof<fc.Arbitrary<unknown>[]>(text, number, fc.constant(null)),
      },
      { requiredKeys: ['code'] },
    ),
  }),
  fc.record({ call: fc.constant('updateName' as const), name: text }),
  fc.record({ call: fc.constant('recordException' as const), exception, time }),
  fc.record({ call: fc.constant('end' as const), time }),
)

const spanPlan = fc.record({
  name: text,
  kind: fc.constantFrom(undefined, 0, 1, 2, 3, 4),
  attributes: fc.option(entries(spanValue), { nil: undefined }),
  links: fc.option(fc.array(link, { maxLength: 3 }), { nil: undefined }),
  startTime: time,
  root: fc.constantFrom(undefined, undefined, true, false),
  suppressed: fc.nat(19).map((drawn) => drawn === 0),
  scope: fc.nat(3),
  parent: fc.oneof<fc.Arbitrary<ContextPlan | number | undefined>[]>(
    contextPlan,
    fc.nat(2),
    fc.constant(undefined),
  ),
  steps: fc.array(step, { maxLength: 10 }),
})

/** A program on the tracing API. */
export const program: fc.Arbitrary<Program> = fc.record({
  limits: fc.oneof(
    { weight: 2, arbitrary: fc.constant({}) },
    {
      weight: 1,
      arbitrary: fc.record(
        {
          attributeCountLimit: fc.nat(3),
          attributeValueLengthLimit: fc.constantFrom(-1, 0, 1, 2, 5, Number.POSITIVE_INFINITY),
          eventCountLimit: fc.nat(3),
          linkCountLimit: fc.nat(3),
          attributePerEventCountLimit: fc.nat(3),
          attributePerLinkCountLimit: fc.nat(3),
        },
        { requiredKeys: [] },
      ),
    },
  ),
  sampler: fc.record({
    kind: fc.constantFrom('on', 'on', 'on', 'parent', 'parentRatio', 'ratio', 'off', 'own'),
    ratio: fc.constantFrom(0, 0.3, 0.5, 0.9, 1, Number.NaN),
    decision: fc.constantFrom(0, 1, 2, 2),
    attributes: entries(spanValue),
    traceState: fc.constantFrom(undefined, 's=1'),
  }),
  spans: fc.array(spanPlan, { minLength: 1, maxLength: 4 }),
})
