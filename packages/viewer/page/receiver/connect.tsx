import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { CopyButton } from '../app/copy-button.tsx'

const start = `import { startTracing } from '@callchain/sdk'

startTracing({ serviceName: 'orders' })`

/** How each framework is connected; the endpoint is left out where it is the default. */
function snippets(endpoint: string): Record<string, string> {
  return {
    Express: `import express from 'express'
import { tracing } from '@callchain/express'

const app = express()
app.use(tracing())`,
    Koa: `import Koa from 'koa'
import { tracing } from '@callchain/koa'

const app = new Koa()
app.use(tracing())`,
    Fastify: `import Fastify from 'fastify'
import { tracing } from '@callchain/fastify'

const app = Fastify()
await app.register(tracing)`,
    'Any OpenTelemetry SDK': `OTEL_EXPORTER_OTLP_ENDPOINT=${endpoint}
OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf
OTEL_SERVICE_NAME=orders`,
  }
}

/** Where to send, and the lines to copy for each framework. */
export function Connect({ endpoint }: { endpoint: string }): JSX.Element {
  const [name, setName] = useState('Express')
  const all = snippets(endpoint)
  const isOurs = name !== 'Any OpenTelemetry SDK'
  const code = `${isOurs ? `${start}\n\n` : ''}${all[name] ?? ''}`
  return (
    <section>
      <h2>Send traces here</h2>
      <p class="command">
        <code>{endpoint}</code>
        <CopyButton text={endpoint} label="Copy the endpoint" />
      </p>
      <div class="segments">
        {Object.keys(all).map((each) => (
          <button
            key={each}
            type="button"
            aria-pressed={each === name}
            onClick={() => setName(each)}
          >
            {each}
          </button>
        ))}
      </div>
      <div class="sql">
        <div class="sql-tools">
          <span class="quiet">
            {isOurs && endpoint.endsWith(':4318')
              ? 'This endpoint is the default: nothing else to set'
              : `With OTEL_EXPORTER_OTLP_ENDPOINT=${endpoint}`}
          </span>
          <span class="grow" />
          <CopyButton text={code} label="Copy these lines" />
        </div>
        <pre>
          <code>{code}</code>
        </pre>
      </div>
    </section>
  )
}
