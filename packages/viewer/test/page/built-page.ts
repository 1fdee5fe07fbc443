import { spawn } from 'node:child_process'
import { devNull } from 'node:os'
import { resolve } from 'node:path'

/** The folder of the project. */
export const root: string = resolve(__dirname, '../../../..')

/** Builds the page and the packages, if they are not built already. */
export async function buildAll(): Promise<void> {
  const args = ['scripts/set-up.cjs', '--build', '--no-install']
  const child = spawn(process.execPath, args, { cwd: root, stdio: 'ignore' })
  const code = await new Promise((end) => child.once('close', end))
  if (code !== 0) throw new Error('The build failed: npm run build says why')
}

/** Starts the shop, which sends to the viewer, and orders something slow now and then. */
export function startShop(endpoint: string): { stop(): Promise<void> } {
  const { DATABASE_URL: _, ...inherited } = process.env
  const child = spawn(process.execPath, ['examples/shop/start.js'], {
    cwd: root,
    // Other suites may run the shop at the same time.
    env: {
      ...inherited,
      OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
      PORT_VIEWER: '0',
      LOG_FILE: devNull,
    },
    stdio: 'ignore',
  })
  const ended = new Promise((end) => child.once('close', end))
  return {
    async stop() {
      child.kill('SIGTERM')
      await ended
    },
  }
}
