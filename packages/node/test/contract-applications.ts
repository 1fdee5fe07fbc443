import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import { noteError, setRoute, type TracingOptions } from '@callchain/core'
import { traceListener, traceServer } from '@callchain/node'
import type { BuiltApplication, ContractApplication } from '@callchain/testing'
import { createNodeApp } from '../../testing/test/node-application.ts'

/** The contract's application around a traced listener: the route by the option, and errors by the name of their request. */
export function listenedApp(application: ContractApplication): BuiltApplication {
  const routes = new WeakMap<IncomingMessage, string>()
  const route = (req: IncomingMessage): string | undefined => routes.get(req)
  const { listener } = createNodeApp(
    { ...application, tracing: [] },
    { route: (req, path) => routes.set(req, path), error: (req, error) => noteError(error, req) },
  )
  return {
    listener: application.tracing.reduceRight<RequestListener>(
      (inner, options: TracingOptions<IncomingMessage>) =>
        traceListener(inner, { ...options, route }),
      listener,
    ),
  }
}

/** The contract's application on a traced server: the route by `setRoute()`, and errors of the current request. */
export function servedApp(application: ContractApplication): BuiltApplication {
  const { listener } = createNodeApp(
    { ...application, tracing: [] },
    { route: (_req, path) => setRoute(path), error: (_req, error) => noteError(error) },
  )
  const server = createServer(listener)
  for (const options of application.tracing) traceServer(server, options)
  return { listener: (req, res) => server.emit('request', req, res) }
}
