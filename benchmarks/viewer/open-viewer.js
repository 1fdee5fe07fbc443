import { fileURLToPath } from 'node:url'
import { startChild } from '../harness/child.js'

const server = fileURLToPath(new URL('./server.js', import.meta.url))

/** Starts a viewer in its own process. */
export async function openViewer() {
  const child = await startChild(server, { execArgv: ['--expose-gc'] })
  const url = child.value
  return {
    url,
    usage: () => child.ask('usage'),
    collect: () => child.ask('collect'),
    stop: () => child.stop(),

    async send(path, body, headers) {
      const response = await fetch(url + path, { method: 'POST', headers, body })
      if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`)
      await response.arrayBuffer()
    },

    async read(path) {
      const response = await fetch(url + path)
      if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`)
      return response.json()
    },
  }
}
