import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const scripts = fileURLToPath(new URL('../../scripts/', import.meta.url))

/** The checks whose figures stand on the page; a check that fails, fails the run. */
export const checks = {
  title: 'Hostile headers, and a soak',

  measure: async () => ({
    hostile: await output('hostile-headers.js'),
    soak: await output('soak.js'),
  }),

  render: ({ hostile, soak }) => `\
15 kB of the worst bytes that we could think of, read by each codec: the milliseconds that one header
costs. More than 0.2 ms (baggage: 0.4 ms), or a cost that grows faster than the length, fails the run.
\`node scripts/hostile-headers.js\` repeats it.

\`\`\`text
${hostile}
\`\`\`

100,000 requests through each framework, kept alive and pipelined: answered, not found, thrown,
streamed, and abandoned by the client in the middle of the answer. A span that does not end, a
warning, or a heap that grows in the second half fails the run. \`node scripts/soak.js\` repeats it.

\`\`\`text
${soak}
\`\`\``,
}

async function output(script) {
  console.error(script)
  const { stdout } = await run(process.execPath, [scripts + script], { timeout: 900_000 })
  return stdout.trim()
}
