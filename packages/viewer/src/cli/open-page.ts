import { spawn } from 'node:child_process'

/** Opens an address in the user's browser. A machine without a browser is not a failure. */
export function openPage(url: string): void {
  const [command, ...args] = opener(url)
  const child = spawn(command, args, { stdio: 'ignore', detached: true })
  child.on('error', () => {
    process.stderr.write(`Could not open a browser; open ${url} yourself.\n`)
  })
  child.unref()
}

function opener(url: string): [string, ...string[]] {
  if (process.platform === 'darwin') return ['open', url]
  if (process.platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler', url]
  return ['xdg-open', url]
}
