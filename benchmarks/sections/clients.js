import { fileURLToPath } from 'node:url'
import { startChild } from '../harness/child.js'
import { runRounds } from '../harness/rounds.js'
import { compared, packagesOf, table } from '../harness/table.js'
import { versions } from '../harness/versions.js'
import { cellsOf, clients as subjectsOf, variants } from '../outbound/cells.js'
import { startCaller } from '../outbound/start-caller.js'

const file = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url))

/** What a wrapped client adds to an outbound call. */
export const clients = {
  title: 'An outbound call',
  subjects: subjectsOf,

  async measure(options) {
    const sink = await startChild(file('load/sink.js'))
    const target = await startChild(file('outbound/target.js'))
    try {
      const subjects = Object.keys(subjectsOf).filter((name) => options.subjects.has(name))
      const start = async (cell) => {
        const port = await target.ask('open')
        const surroundings = {
          sink,
          target: `http://127.0.0.1:${port}/stock/P-7001`,
          verify: async (made) => verify(await target.ask('seen', port), made),
        }
        return startCaller(cell, surroundings, options)
      }
      return await runRounds(
        { subjects, cellsOf: (name) => cellsOf(name, options), start },
        options,
      )
    } finally {
      await Promise.all([sink.stop(), target.stop()])
    }
  },

  render: ({ summary }) => `\
What a wrapped client adds to a call, next to the OpenTelemetry instrumentation of the same client.

- A call is a GET that is answered with about 200 bytes of JSON, read to the end; 10 are in progress at
  once, over connections that are kept. The server that is called runs in its own process.
- All calls are made within a request that came in with \`traceparent\` and \`baggage\` (\`tenant.id\`,
  \`user.id\`), whose SERVER span is their parent, and all carry both on: the server that is called
  counts the headers, and a variant that leaves one out fails the run.
- Sampled: the request's \`traceparent\` has the flag 01, and each call's CLIENT span is exported.
  Unsampled: it has the flag 00; the headers go out, and no span does.

${table(summary, { subjects: subjectsOf, variants, unit: 'call', base: 'instrumentation' })}

${compared(summary, variants)}

Versions: ${versions(['undici', 'axios', ...packagesOf(summary, variants)].filter(isOfClients))}; fetch is Node's own.`,
}

const isOfClients = (name) => !name.endsWith('-pg') && !name.endsWith('/databases')

// A variant that carries nothing on would look cheap: it fails the run.
function verify(seen, { name, called, traces, sampled }) {
  const { calls, traced, withTenant } = seen
  const due = traces ? called : 0
  const flags = seen.sampled === (sampled ? due : 0)
  if (calls === called && traced === due && withTenant === due && flags) return
  throw new Error(`${name}: ${JSON.stringify(seen)} for ${called} calls`)
}
