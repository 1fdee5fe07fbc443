import { gzipSync } from 'node:zlib'
import { exportRequest } from './traces.js'

export const BATCH = 512
export const AT_ONCE = 4

/** How a request comes: plain, and as a Collector packs it. */
export const encodings = {
  plain: { headers: {}, pack: (body) => body },
  gzip: { headers: { 'content-encoding': 'gzip' }, pack: (body) => gzipSync(body, { level: 1 }) },
}

/**
 * Sends this many requests of 512 spans, four at once.
 *
 * @returns spans for each second of the viewer's CPU, and for each second by the clock
 */
export async function measureIngest(viewer, encoding, { requests, first }) {
  const { headers, pack } = encodings[encoding]
  const bodies = []
  for (let at = 0; at < requests; at += 1) bodies.push(pack(exportRequest(BATCH, first + at)))
  const before = await viewer.usage()
  const began = performance.now()
  const send = async () => {
    for (let body = bodies.pop(); body !== undefined; body = bodies.pop()) {
      await viewer.send('/v1/traces', body, {
        'content-type': 'application/x-protobuf',
        ...headers,
      })
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, send))
  const seconds = (performance.now() - began) / 1000
  const cpuSeconds = (await viewer.usage()).cpuSeconds - before.cpuSeconds
  const spans = BATCH * requests
  return { perCpuSecond: spans / cpuSeconds, perSecond: spans / seconds }
}
