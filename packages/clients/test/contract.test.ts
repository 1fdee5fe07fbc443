/** @jest-environment ./packages/clients/test/node-environment.cjs */
import { type CreateClient, clientContract, createRecorder } from '@callchain/testing'
import {
  axiosClient,
  fetchClient,
  gotClient,
  kyClient,
  nodeClient,
  undiciClient,
} from './contract-clients.ts'
import { versionOf } from './version-of.ts'

// Of Node's realm: Jest cannot load packages that come as ES modules alone.
declare const requireByNode: (name: string) => unknown

const load = <T>(name: string): T => requireByNode(name) as T

// The lowest line that each client is claimed for, and the newest that runs on every Node here;
// fixtures/newest-lines.mjs has the lines that ask for a newer Node.
clientContract({
  name: `fetch of Node ${process.versions.node}`,
  create: fetchClient(globalThis.fetch),
})

const ofRecorder = {
  setUp: () => createRecorder({ provider: 'recorder' }),
  create: fetchClient(globalThis.fetch),
}
clientContract({ name: 'fetch, with the spans of the recorder', ...ofRecorder })

for (const line of ['undici6.13', 'undici6', 'undici7.0', 'undici']) {
  const undici = load<{ fetch: unknown }>(line)
  const name = `undici ${versionOf(line)}`
  clientContract({ name, create: undiciClient(undici, 'outside') })
  clientContract({ name: `the fetch of ${name}`, create: fetchClient(undici.fetch) })
}

clientContract({
  ...ofRecorder,
  name: 'undici, with the spans of the recorder',
  create: undiciClient(load('undici'), 'outside'),
})
clientContract({
  ...ofRecorder,
  name: 'axios, with the spans of the recorder',
  create: axiosClient(load('axios'), 'http'),
})

for (const line of ['axios1.7', 'axios']) {
  for (const adapter of ['http', 'fetch'] as const) {
    clientContract({
      name: `axios ${versionOf(line)}, adapter ${adapter}`,
      create: axiosClient(load(line), adapter),
    })
  }
  clientContract({
    name: `axios ${versionOf(line)}, made with create()`,
    create: axiosClient(load(line), 'http', (traced) =>
      traced.create({ adapter: 'http' }).create({ maxRedirects: 5 }),
    ),
  })
}

const CALLED_OFF_BEFORE = 'sends nothing, and makes no span, when it is cancelled before it begins'
const followsNone = 'it follows no redirects'
clientContract({
  name: `node:http of Node ${process.versions.node}`,
  create: nodeClient,
  gaps: {
    'makes a span for each hop of a redirect, and decides for each what goes with it': followsNone,
    'sends each hop of a redirect the id of its own span': followsNone,
    'keeps identity from the host that a redirect of any kind leads to': followsNone,
    'records the status of the redirect at which it stops following': followsNone,
  },
})

for (const line of ['got14.0', 'got']) {
  const { got, default: given } = load<{ got?: unknown; default: unknown }>(line)
  clientContract({ name: `got ${versionOf(line)}`, create: gotClient(got ?? given) })
  clientContract({
    name: `got ${versionOf(line)}, made with extend()`,
    create: gotClient(got ?? given, (traced) => traced.extend({ headers: { 'x-own': '1' } })),
  })
}

for (const line of ['ky1.5', 'ky']) {
  const { default: ky } = load<{ default: unknown }>(line)
  const made: [string, CreateClient][] = [
    ['', kyClient(ky)],
    [', made with create()', kyClient(ky, (traced) => traced.create({}).create({ retry: 0 }))],
    [', made with extend()', kyClient(ky, (traced) => traced.extend({}).extend({ retry: 0 }))],
  ]
  for (const [how, create] of made) {
    clientContract({
      name: `ky ${versionOf(line)}${how}`,
      create,
      gaps:
        line === 'ky1.5' ? { [CALLED_OFF_BEFORE]: 'it still sends a call that was cancelled' } : {},
    })
  }
}
