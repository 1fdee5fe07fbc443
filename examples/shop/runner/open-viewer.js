import { findViewer, startViewer } from '@callchain/viewer'

/**
 * The viewer that shows the shop.
 * @typedef {object} ShopViewer
 * @property {string} url
 * @property {string} note why it is not the usual one; empty when it is
 * @property {() => Promise<void>} close
 */

const usualPort = 4318

/**
 * Opens the viewer: the one that runs already, at OTEL_EXPORTER_OTLP_ENDPOINT or on the usual port,
 * else a new one there, else, where another program has that port, on any free one. PORT_VIEWER names
 * another port.
 * @returns {Promise<ShopViewer>}
 */
export async function openViewer() {
  const running = await runningViewer()
  if (running) return running
  let note = ''
  const viewer = await startViewer({ port: port() }).catch(() => {
    note = `port ${port()} is taken by another program`
    return startViewer({ port: 0 })
  })
  return { url: viewer.url, note, close: viewer.close }
}

/**
 * The viewer that runs already.
 * @returns {Promise<ShopViewer | undefined>} undefined: there is none, or it wants a token that we lack
 */
export async function runningViewer() {
  const endpoint = process.env.OTEL_EXPORTER_OTLP_ENDPOINT
  const named = endpoint?.startsWith('http:') ? await findViewer(addressIn(endpoint)) : undefined
  const usual = !named && port() !== 0 ? await findViewer({ port: port() }) : undefined
  const found = named ?? (usual?.needsToken ? undefined : usual)
  return found && { url: found.url, note: 'it runs already', close: async () => {} }
}

function port() {
  return Number(process.env.PORT_VIEWER ?? usualPort)
}

/** @param {string} endpoint */
function addressIn(endpoint) {
  const { hostname, port } = new URL(endpoint)
  return { host: hostname.replace(/[[\]]/g, ''), port: Number(port || 80) }
}
