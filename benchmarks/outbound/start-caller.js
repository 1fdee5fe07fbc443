import { fileURLToPath } from 'node:url'
import { startCallingChild } from '../harness/calling-child.js'
import { spansDue } from '../harness/spans-due.js'
import { variants } from './cells.js'

const main = fileURLToPath(new URL('./main.cjs', import.meta.url))

/**
 * Starts the process of a cell, which calls `target` and exports to `sink`; `verify` is told how many
 * calls it has made, and throws when the target has not seen them as it should.
 */
export async function startCaller(cell, { sink, target, verify }, options) {
  const env = { BENCH_TARGET: target }
  const child = await startCallingChild(main, cell, { sink, env }, options)
  const { name, sampled } = child
  const { traces, spans } = variants[cell.variant]
  return {
    ...child.steps,

    /** Lets the process export what it still holds, and checks that nothing is missing. */
    async settle() {
      await child.ask('flush')
      const called = child.called()
      await verify?.({ name, called, traces, sampled })
      const due = traces && sampled ? called * (spans?.[cell.subject] ?? 1) : 0
      return spansDue(name, child.counted, { kind: 'client', due })
    },
  }
}
