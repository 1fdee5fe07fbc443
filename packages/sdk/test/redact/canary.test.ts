import { createClientTracer } from '@callchain/core'
import { afterEach, describe, expect, it } from '@jest/globals'
import { context, propagation, trace } from '@opentelemetry/api'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import type { RedactOptions, StartTracingOptions } from '../../src/index.ts'
import { type Collector, startCollector } from '../collector.ts'
import { said, start } from '../tracing-session.ts'
import { HARMLESS, plantInLines, plantInSpans } from './plant.ts'
import { SECRETS } from './secrets.ts'

let collector: Collector | undefined

afterEach(async () => {
  await collector?.close()
  collector = undefined
})

const redact: RedactOptions = {
  keys: { 'order.pin': 'drop', 'user.email': 'hash' },
  shapes: [
    ...(['jwt', 'bearer', 'private-key', 'token', 'url', 'assignment'] as const),
    ...(['card', 'iban', 'email'] as const),
  ],
  hashKey: 'of the canaries',
  custom: (text) => text.replace(/CANARY20\S*/g, '(case)'),
}

const resourceAttributes = Object.fromEntries(SECRETS.map(({ name, text }) => [name, text]))

/** All that left the process while `plant` ran: bodies as they were on the wire, and stderr. */
async function sentWith(options: StartTracingOptions, plant: () => void): Promise<string> {
  collector = await startCollector()
  const { url, received } = collector
  const tracing = start({ endpoint: url, serviceName: 'shop', ...options })
  plant()
  await tracing.shutdown()
  return [...received.map(({ body }) => body.toString('latin1')), ...said()].join('\n')
}

const objects: unknown[] = []
const own = {
  export(spans: ReadableSpan[], done: (result: { code: number }) => void): void {
    for (const span of spans) {
      const { name, attributes, events, links, status, resource, instrumentationScope } = span
      const shown = { name, attributes, events, status, instrumentationScope }
      const states = [span.spanContext(), ...links.map((link) => link.context)]
      const others = { ...shown, links, states: states.map((one) => one.traceState?.serialize()) }
      objects.push(JSON.stringify({ ...others, resource: resource.attributes }, bytesAsText))
    }
    done({ code: 0 })
  },
  shutdown: async (): Promise<void> => {},
}

function bytesAsText(_key: string, value: unknown): unknown {
  const bytes = value as { type?: string; data?: number[] }
  return bytes?.type === 'Buffer' ? Buffer.from(bytes.data ?? []).toString() : value
}

const exporters: Readonly<Record<string, StartTracingOptions>> = {
  'OTLP, protobuf': { exporter: 'otlp' },
  'OTLP, JSON': { exporter: 'otlp', protocol: 'http/json' },
  Zipkin: { exporter: 'zipkin' },
  'the console': { exporter: 'console' },
  'an exporter of its own, next to OTLP': { exporter: [own, 'otlp'] },
}

describe.each(Object.entries(exporters))('what is sent to %s', (_name, options) => {
  it('has none of the secrets, wherever they were put', async () => {
    objects.length = 0
    const sent =
      (await sentWith({ ...options, redact, resourceAttributes }, plantInSpans)) + objects
    expect(sent).toContain(options.exporter === 'console' ? 'worked' : HARMLESS)
    const found = SECRETS.filter(({ needle }) => sent.includes(needle))
    expect(found.map(({ name }) => name)).toEqual([])
  })

  it('has all of them where nothing is redacted: the search finds what is there', async () => {
    objects.length = 0
    const all = { ...options, redact: false as const, resourceAttributes }
    const sent = (await sentWith(all, plantInSpans)) + objects
    // The console shows the first line of a message.
    const planted = SECRETS.filter(({ text }) => options.exporter !== 'console' || !/\n/.test(text))
    expect(planted.filter(({ needle }) => !sent.includes(needle))).toEqual([])
  })
})

describe.each(['http/protobuf', 'http/json'] as const)('log lines as %s', (protocol) => {
  const options = { exporter: 'none', logs: 'otlp', protocol, resourceAttributes } as const

  it('have none of the secrets', async () => {
    const sent = await sentWith({ ...options, redact }, plantInLines)
    expect(sent).toContain(HARMLESS)
    expect(SECRETS.filter(({ needle }) => sent.includes(needle))).toEqual([])
  })

  it('have all of them where nothing is redacted', async () => {
    const sent = await sentWith({ ...options, redact: false }, plantInLines)
    expect(SECRETS.filter(({ needle }) => !sent.includes(needle))).toEqual([])
  })
})

describe('baggage that goes out', () => {
  function baggageSent(): string {
    const entries = SECRETS.flatMap(({ text, needle }, index) => [
      [`text-${index}`, { value: text }],
      [`password-${index}`, { value: needle }],
    ])
    const baggage = propagation.createBaggage(
      Object.fromEntries([...entries, ['harmless', { value: HARMLESS }]]),
    )
    const headers: Record<string, string> = {}
    const tracer = createClientTracer({ internalHosts: ['stock.example'] })
    context.with(propagation.setBaggage(context.active(), baggage), () =>
      trace.getTracer('test').startActiveSpan('work', (span) => {
        const call = tracer.send({
          method: 'GET',
          url: 'http://stock.example/',
          header: (name) => headers[name],
          setHeader: (name, value) => {
            headers[name] = value
          },
          removeHeader: (name) => {
            delete headers[name]
          },
        })
        call.receive({ statusCode: 200 })
        span.end()
      }),
    )
    return decodeURIComponent(headers.baggage ?? '')
  }

  it('has no member with a secret, by its key or its value', () => {
    start({ exporter: 'none', redact })
    const sent = baggageSent()
    expect(sent).toContain(HARMLESS)
    expect(SECRETS.filter(({ needle }) => sent.includes(needle))).toEqual([])
  })

  it('has all of them where nothing is redacted', () => {
    start({ exporter: 'none', redact: false })
    const sent = baggageSent()
    expect(SECRETS.filter(({ needle }) => !sent.includes(needle))).toEqual([])
  })
})
