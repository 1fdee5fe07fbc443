import { fileURLToPath } from 'node:url'
import { startCallingChild } from '../harness/calling-child.js'
import { spansDue } from '../harness/spans-due.js'
import { variants } from './cells.js'

const main = fileURLToPath(new URL('./main.cjs', import.meta.url))
/** The kind of the spans of which each call has one. */
const KINDS = { grpc: 'client', graphql: 'all' }
/** A resolver that a busy machine slows down has a span as well. */
const SLACK = { graphql: 0.1 }

/** Starts the process of a cell, which exports to `sink`. */
export async function startCalls(cell, { sink }, options) {
  const { subject, variant } = cell
  const child = await startCallingChild(main, cell, { sink }, options)
  const { name, sampled } = child
  const { traces, spans = {} } = variants[variant]
  return {
    ...child.steps,

    /** Lets the process export what it still holds, and checks that nothing is missing. */
    async settle() {
      await child.ask('flush')
      const called = child.called()
      verify(name, await child.ask('seen'), { called, traces })
      const due = traces && sampled ? called * (spans[subject] ?? 1) : 0
      return spansDue(name, child.counted, { kind: KINDS[subject], due, slack: SLACK[subject] })
    },
  }
}

// A variant that carries nothing on would look cheap: it fails the run.
function verify(name, seen, { called, traces }) {
  const { calls, traced, withTenant = traced } = seen
  const due = traces ? called : 0
  if (calls === called && traced === due && withTenant === due) return
  throw new Error(`${name}: ${JSON.stringify(seen)} for ${called} calls`)
}
