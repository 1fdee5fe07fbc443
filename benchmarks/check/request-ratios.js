import { fileURLToPath } from 'node:url'
import { startChild } from '../harness/child.js'
import { measureTurns } from '../harness/measure.js'
import { median } from '../harness/statistics.js'
import { startServer } from '../server/start-server.js'

const sinkFile = fileURLToPath(new URL('../load/sink.js', import.meta.url))
/** Express is not among them: two processes of it that do the same differ too much. */
const subjects = ['fastify', 'koa']
const sizes = { warmup: 6000, turns: 8, requests: 1500 }
const cells = [
  { variant: 'none', mode: 'sampled', traces: false },
  ...['sampled', 'unsampled'].flatMap((mode) =>
    ['minimum-posting', 'callchain'].map((variant) => ({ variant, mode, traces: true })),
  ),
]

/** What tracing adds to a request over pipes, of what the hand-written minimum adds in the same turn. */
export async function requestRatios() {
  const sink = await startChild(sinkFile)
  const ratios = {}
  try {
    for (const subject of subjects) {
      const start = (cell) => startServer(cell, { sink }, { connections: 20 })
      const named = cells.map((cell) => ({ subject, ...cell }))
      const samples = await measureTurns(named, start, sizes)
      for (const mode of ['sampled', 'unsampled'])
        ratios[`${subject}, ${mode}, of the minimum`] = ratioOf(samples, mode)
    }
  } finally {
    await sink.stop()
  }
  return ratios
}

function ratioOf(samples, mode) {
  const added = (variant) =>
    median(
      samples
        .filter((sample) => sample.variant === variant && sample.mode === mode)
        .map((sample) => sample.micros - untraced(samples, sample.turn)),
    )
  return added('callchain') / added('minimum-posting')
}

const untraced = (samples, wanted) =>
  samples.find(({ variant, turn }) => variant === 'none' && turn === wanted).micros
