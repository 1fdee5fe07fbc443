import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { ReceiverAnswer } from '../../src/contract/receiver.ts'
import { CopyButton } from '../ui/copy-button.tsx'
import { addressesOf, addressToCopy, isDefaultAddress } from './addresses.ts'

const start = `import { startTracing } from '@callchain/sdk'

startTracing({ serviceName: 'orders' })`

/** The form that every OTLP exporter accepts; its values are percent-encoded. */
const HEADERS = 'OTEL_EXPORTER_OTLP_HEADERS=authorization=Bearer%20<token>'

/** How each framework is connected; the endpoint is left out where it is the default. */
function snippets(endpoint: string, headers: readonly string[]): Record<string, string> {
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
    'Any OpenTelemetry SDK': [
      `OTEL_EXPORTER_OTLP_ENDPOINT=${endpoint}`,
      'OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf',
      ...headers,
      'OTEL_SERVICE_NAME=orders',
    ].join('\n'),
  }
}

/** Where to send, and the lines to copy for each framework. */
export function Connect({ answer }: { answer: ReceiverAnswer }): JSX.Element {
  const [name, setName] = useState('Express')
  const { needsToken } = answer
  const opened = new URL(location.origin)
  const addresses = addressesOf(answer, opened)
  const endpoint = addressToCopy(addresses, opened)
  const all = snippets(endpoint, needsToken ? [HEADERS] : [])
  const isOurs = name !== 'Any OpenTelemetry SDK'
  const code = `${isOurs ? `${start}\n\n` : ''}${all[name] ?? ''}`
  return (
    <section>
      <h2>Send traces here</h2>
      {addresses.map(({ url, from }) => (
        <p key={url} class="address">
          {from !== undefined && <span class="quiet">{from}:</span>}
          <Endpoint text={url} label={`Copy ${url}`} />
        </p>
      ))}
      {needsToken && <TokenNote />}
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
            {isOurs ? settings(endpoint, needsToken) : 'In the environment of the service'}
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

function settings(endpoint: string, needsToken: boolean): string {
  if (isDefaultAddress(endpoint) && !needsToken)
    return 'This endpoint is the default: nothing to set'
  return `With OTEL_EXPORTER_OTLP_ENDPOINT=${endpoint}${needsToken ? ` and ${HEADERS}` : ''}`
}

function Endpoint({ text, label }: { text: string; label: string }): JSX.Element {
  return (
    <span class="command">
      <code>{text}</code>
      <CopyButton text={text} label={label} />
    </span>
  )
}

function TokenNote(): JSX.Element {
  return (
    <>
      <p class="quiet">
        Each sender needs the token the viewer was started with, in place of{' '}
        <code>&lt;token&gt;</code>; each browser needs it once, as <code>?token=&lt;token&gt;</code>
        . Anyone who has it and can reach this port can read everything.
      </p>
      <Endpoint text={HEADERS} label="Copy the variable" />
    </>
  )
}
