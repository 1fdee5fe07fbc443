import { fileURLToPath } from 'node:url'
import { startCallingChild } from '../harness/calling-child.js'
import { spansDue } from '../harness/spans-due.js'
import { variants } from './cells.js'

const main = fileURLToPath(new URL('./main.cjs', import.meta.url))

/** Starts the process of a cell, which exports to `sink`. */
export async function startMessenger(cell, { sink }, options) {
  const child = await startCallingChild(main, cell, { sink }, options)
  const { name, sampled } = child
  const isSend = cell.subject.endsWith('-send')
  const { traces } = variants[cell.variant]
  return {
    ...child.steps,

    /** Lets the process export what it still holds, and checks that nothing is missing. */
    async settle() {
      await child.ask('flush')
      const called = child.called()
      verify(name, await child.ask('seen', { sampled }), { called, traces: isSend && traces })
      const due = traces && sampled ? called : 0
      return spansDue(name, child.counted, { kind: isSend ? 'producer' : 'consumer', due })
    },
  }
}

// A variant that carries nothing on would look cheap: it fails the run.
function verify(name, seen, { called, traces }) {
  const { messages, traced = 0, withTenant = 0 } = seen
  const due = traces ? called : 0
  if (messages === called && traced === due && withTenant === due) return
  throw new Error(`${name}: ${JSON.stringify(seen)} for ${called} messages`)
}
