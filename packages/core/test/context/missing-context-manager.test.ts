import { afterEach, describe, expect, it, jest } from '@jest/globals'
import type * as Api from '@opentelemetry/api'
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import type * as Core from '../../src/index.ts'

afterEach(() => {
  jest.restoreAllMocks()
})

/** What is said when the first query of a process is traced, in a set-up of its own. */
async function warningsAfter(
  setUp: (api: typeof Api, core: typeof Core) => TracerProvider | undefined,
): Promise<unknown[]> {
  const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => {})
  await jest.isolateModulesAsync(async () => {
    const api = await import('@opentelemetry/api')
    const core = await import('../../src/index.ts')
    try {
      const tracerProvider = setUp(api, core)
      core.createClientTracer(tracerProvider && { tracerProvider }).send({
        method: 'GET',
        url: 'http://orders/',
        header: () => undefined,
        setHeader: () => {},
        removeHeader: () => {},
      })
    } finally {
      api.trace.disable()
      api.context.disable()
    }
  })
  return warn.mock.calls.map(([message, options]) => [
    (options as unknown as { code: string }).code,
    message,
  ])
}

const createProvider = () =>
  new TracerProvider({
    spanProcessors: [new SimpleSpanProcessor({ exporter: new InMemorySpanExporter() })],
  })

/** Hands on each context with something added, as Sentry's manager does. */
function enriching(manager: Api.ContextManager, key: symbol): Api.ContextManager {
  return new Proxy(manager, {
    get: (target, name) => {
      if (name !== 'with') return Reflect.get(target, name).bind(target)
      return (entered: Api.Context, ...rest: unknown[]) =>
        Reflect.apply(target.with, target, [entered.setValue(key, 1), ...rest])
    },
  })
}

describe('what is said where contexts are not kept', () => {
  it('is that there is no SDK where there is none', async () => {
    expect(await warningsAfter(() => undefined)).toEqual([
      ['CALLCHAIN_NO_SDK', expect.stringContaining('no spans are recorded')],
    ])
  })

  it('is the context manager alone where a provider is registered', async () => {
    const warnings = await warningsAfter(({ trace }) => {
      trace.setGlobalTracerProvider(createProvider())
      return undefined
    })
    expect(warnings).toEqual([
      [
        'CALLCHAIN_NO_CONTEXT_MANAGER',
        expect.stringContaining('SDK is running without a context manager'),
      ],
    ])
    expect(String(warnings)).not.toContain('no spans are recorded')
  })

  it('is the context manager alone where a provider was given', async () => {
    const warnings = await warningsAfter(createProvider)
    expect(warnings).toEqual([
      ['CALLCHAIN_NO_CONTEXT_MANAGER', expect.not.stringContaining('no spans are recorded')],
    ])
  })

  it('is nothing where a manager adds to the contexts that it keeps', async () => {
    const warnings = await warningsAfter(({ context, createContextKey }, core) => {
      const manager = core.createContextManager()
      context.setGlobalContextManager(enriching(manager, createContextKey('added')))
      return undefined
    })
    expect(warnings).toEqual([])
  })

  it('is that the manager which is registered keeps none', async () => {
    const warnings = await warningsAfter(({ context, ROOT_CONTEXT }) => {
      const keepsNone: Api.ContextManager = {
        active: () => ROOT_CONTEXT,
        with: (_entered, callback, self, ...args) => Reflect.apply(callback, self, args),
        bind: (_entered, target) => target,
        enable: () => keepsNone as never,
        disable: () => keepsNone as never,
      }
      context.setGlobalContextManager(keepsNone)
      return undefined
    })
    expect(warnings).toEqual([
      ['CALLCHAIN_NO_CONTEXT_MANAGER', expect.stringContaining('does not keep contexts')],
    ])
  })
})

it('runWithIdentity() keeps its values where there is no SDK', async () => {
  jest.spyOn(process, 'emitWarning').mockImplementation(() => {})
  await jest.isolateModulesAsync(async () => {
    const api = await import('@opentelemetry/api')
    const { runWithIdentity, tenant } = await import('../../src/index.ts')
    try {
      const found = await runWithIdentity({ 'tenant.id': 'acme' }, async () => {
        await new Promise(setImmediate)
        return tenant.get()
      })
      expect(found).toBe('acme')
    } finally {
      api.context.disable()
    }
  })
})
