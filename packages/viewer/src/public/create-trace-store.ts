import { shortSpan } from '../analysis/list-rows.ts'
import { readAnyJson } from '../formats/read-any.ts'
import { attributesToJson } from '../model/attributes.ts'
import type { SpanRow } from '../model/rows.ts'
import { createDecodeContext } from '../otlp/decode-context.ts'
import { compileQuery } from '../query/compile-query.ts'
import { MAJOR } from '../settings/version.ts'
import { createMemoryStore, type MemoryStore } from '../store/memory-store.ts'
import { isStatement, statementKeyOf } from '../trace/span-type.ts'
import { repetitions } from '../trace/trace-facts.ts'
import { checkBounds } from './check-bounds.ts'
import { checkNames } from './check-names.ts'
import type { KeptSpan, RepeatedStatement, TraceStore } from './trace-store.ts'
import type { ViewerOptions } from './viewer-options.ts'

// Shared by the ESM and the CommonJS copy of this package, not by those of another major version.
const STORE = Symbol.for(`callchain.${MAJOR}.viewerStore`)

/**
 * Makes an empty store of traces without a server, to assert on what an application sent: "one
 * statement below POST /orders". Bounded as the viewer is.
 *
 * @example
 * ```ts
 * const store = createTraceStore()
 * const viewer = await startViewer({ port: 0, store })
 * // … the application under test sends to viewer.url …
 * const [statement] = await store.waitFor('is:db')
 * ```
 */
export function createTraceStore(
  limits: Pick<ViewerOptions, 'maxSpans' | 'maxMemory'> = {},
): TraceStore {
  checkNames('createTraceStore()', limits, { maxSpans: true, maxMemory: true })
  const { maxSpans, maxMemory } = limits
  checkBounds({ maxSpans, maxMemory })
  const store = createMemoryStore({
    ...(maxSpans === undefined ? {} : { maxSpans }),
    ...(maxMemory === undefined ? {} : { maxBytes: maxMemory }),
  })
  const context = createDecodeContext()
  const spans = (query = ''): KeptSpan[] => matchingSpans(store, query)
  const kept: TraceStore = {
    spans,
    add(json) {
      for (const part of readAnyJson(json, context).parts) store.add(part)
    },
    repeated: (trace, from) => repeatedIn(store, trace, from),
    story: (trace) => storyOf(store, trace),
    subscribe: (listener) => store.subscribe(() => listener()),
    waitFor: (query, options) => waitFor(store, () => spans(query), { query, ...options }),
    clear: () => store.clear(),
  }
  return Object.defineProperty(kept, STORE, { value: store })
}

/** The inner store of a store made by `createTraceStore`. @throws TypeError for any other */
export function memoryStoreOf(kept: TraceStore): MemoryStore {
  const store: MemoryStore | undefined = Reflect.get(Object(kept), STORE)
  if (store === undefined) throw new TypeError('store must come from createTraceStore().')
  return store
}

function matchingSpans(store: MemoryStore, text: string): KeptSpan[] {
  const query = compileQuery(text)
  const found: KeptSpan[] = []
  for (const record of store.traces.values())
    for (const span of record.spans)
      if (query.span(span, record)) found.push(describe(record.id, span))
  return found.sort((a, b) => a.start - b.start)
}

function describe(trace: string, span: SpanRow): KeptSpan {
  const { id, service, name, kind, start, duration, status } = shortSpan(trace, span)
  return {
    ...{ trace, id, parent: span.parent, service, name, kind, start, duration, status },
    statusMessage: span.message,
    attributes: attributesToJson(span),
    events: span.events.map((event) => ({
      name: event.name,
      attributes: attributesToJson(event),
    })),
    links: span.links.map((link) => ({ trace: link.trace, span: link.span })),
    statement: isStatement(span) ? statementKeyOf(span) : '',
  }
}

function repeatedIn(store: MemoryStore, trace: string, from?: number): RepeatedStatement[] {
  const statements = store.traces.get(trace)?.spans.filter(isStatement) ?? []
  return repetitions(statements, from).map(({ normalised, parent, spans }) => ({
    statement: normalised,
    parent,
    spans: spans.map(({ id }) => id),
  }))
}

function storyOf(store: MemoryStore, trace: string): string[] {
  const story = new Set([trace])
  // What links to one that is found late may have been passed over.
  for (let before = 0; before < story.size; ) {
    before = story.size
    for (const { id, spans } of store.traces.values())
      if (!story.has(id) && spans.some(({ links }) => links.some((link) => story.has(link.trace))))
        story.add(id)
  }
  return [...story]
}

function waitFor(
  store: MemoryStore,
  look: () => KeptSpan[],
  {
    query,
    count = 1,
    timeout = 5000,
  }: { readonly query: string; readonly count?: number; readonly timeout?: number },
): Promise<KeptSpan[]> {
  return new Promise((resolve, reject) => {
    const check = (): boolean => {
      const found = look()
      if (found.length < count) return false
      resolve(found)
      return true
    }
    if (check()) return
    const end = (): void => {
      clearTimeout(timer)
      stop()
    }
    const stop = store.subscribe(() => {
      if (check()) end()
    })
    const timer = setTimeout(() => {
      end()
      const seen = `${look().length} of ${count} spans match ${query}`
      reject(
        new Error(`${seen} after ${timeout} ms; ${store.spanCount} spans were received in total.`),
      )
    }, timeout)
  })
}
