import { optionError } from '@callchain/core/internal'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import { createRecorder } from '../recorder.ts'
import { registry } from '../recorder-registry.ts'
import { observersOfAll } from '../span-observer.ts'
import { repeatsStatements } from './chain-checks.ts'
import type { OrderOf } from './chain-span.ts'
import { chainOfRecorded } from './make-chain.ts'

/** The hooks of a test runner. */
export interface GuardHooks {
  beforeEach(body: () => void): void
  afterEach(body: () => void): void
}

const FROM = 5
const allowed = new Set<string | RegExp>()
let allowedOnce: (string | RegExp)[] = []
let isInTest = false

/**
 * Allows statements to be run again and again: in a test until it ends, elsewhere in all tests. A text
 * allows each statement that holds it, whatever its case.
 *
 * @example
 * ```ts
 * allowRepeated('select settings', /^insert into audit/)
 * ```
 */
export function allowRepeated(...statements: readonly (string | RegExp)[]): void {
  for (const each of statements) {
    if ((typeof each !== 'string' && !(each instanceof RegExp)) || each === '')
      throw optionError('allowRepeated()', each, 'a part of a statement or a pattern')
    if (isInTest) allowedOnce.push(each)
    else allowed.add(each)
  }
}

/** Watches every recorder, makes one that stands in where there is none, and fails the tests that repeat a statement. */
export function installGuard(
  hooks: GuardHooks = globalHooks(),
  from: number = limitOf(process.env.CALLCHAIN_GUARD),
): void {
  if (from === 0) return
  let traces = new Map<string, ReadableSpan[]>()
  const observer = {
    started: (): void => {},
    ended: (_key: object, span: ReadableSpan): void => {
      const { traceId } = span.spanContext()
      const spans = traces.get(traceId)
      if (spans === undefined) traces.set(traceId, [span])
      else spans.push(span)
    },
  }
  hooks.beforeEach(() => {
    isInTest = true
    allowedOnce = []
    traces = new Map()
    const shared = registry()
    if (shared.recorders.size === 0) shared.standIn = createRecorder()
    observersOfAll().add(observer)
  })
  hooks.afterEach(() => {
    isInTest = false
    observersOfAll().delete(observer)
    for (const [traceId, spans] of traces) check(traceId, spans, from)
  })
}

function check(traceId: string, spans: readonly ReadableSpan[], from: number): void {
  if (spans.length < from) return
  const order = new Map(spans.map((span, index) => [span.spanContext().spanId, index]))
  const orderOf: OrderOf = ({ id }) => {
    const index = order.get(id) ?? 0
    return { began: index, ended: index }
  }
  const chain = chainOfRecorded(traceId, undefined, spans, orderOf)
  const { pass, message } = repeatsStatements(chain, { from, allow: [...allowed, ...allowedOnce] })
  if (!pass) return
  throw new Error(
    `${message()}\n\nTo allow it: allowRepeated('…') of @callchain/testing/guard; to switch the guard off: CALLCHAIN_GUARD=0`,
  )
}

function limitOf(text: string | undefined): number {
  if (text === undefined || text.trim() === '') return FROM
  const number = Number(text)
  if (Number.isInteger(number) && (number === 0 || number > 1)) return number
  throw optionError('CALLCHAIN_GUARD', text, '0 to switch it off, or a whole number from 2')
}

function globalHooks(): GuardHooks {
  const { beforeEach, afterEach } = globalThis as Partial<GuardHooks>
  if (beforeEach !== undefined && afterEach !== undefined) return { beforeEach, afterEach }
  throw new TypeError(
    'callchain: there is no global beforeEach and afterEach: list @callchain/testing/guard among the set-up files of the test runner (with Vitest, set `globals: true`)',
  )
}
