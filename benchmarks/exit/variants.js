import {
  alwaysOff,
  createRecorderProvider,
  createSpanQueue,
} from '../../packages/recorder/dist/esm/index.js'
import { readEnvironment } from '../../packages/sdk/dist/esm/config/environment.js'
import { REDACT_SHAPES, readRedaction } from '../../packages/sdk/dist/esm/config/redaction.js'
import { keepSampler } from '../../packages/sdk/dist/esm/keep/keep-sampler.js'
import { keepRecords } from '../../packages/sdk/dist/esm/keep/keep-spans.js'
import { readKeepSettings } from '../../packages/sdk/dist/esm/keep/settings.js'
import { createRedaction } from '../../packages/sdk/dist/esm/redact/redaction.js'

/** What can happen to a span when it has ended. */
export const variants = {
  'left out by the sampler': () => variant({ sampler: alwaysOff }),
  sent: () => variant({}),
  'redact, nothing found': () => variant({ redact: {} }),
  'redact with every shape, nothing found': () => variant({ redact: { shapes: REDACT_SHAPES } }),
  'keep, let go': () => variant({ keep: { share: 0, remember: 0 } }),
  'keep, let go and remembered': () => variant({ keep: { share: 0, remember: '10s' } }),
}

function variant({ sampler, keep, redact }) {
  const queue = createSpanQueue({ resource: { 'service.name': 'benchmark' } })
  const exit = redact ? redacting(queue, redact) : queue
  const kept = keep && keepRecords(readKeepSettings(keep), exit)
  const provider = createRecorderProvider({
    sink: kept?.sink ?? exit,
    ...(kept ? { sampler: keepSampler(kept.keeper) } : sampler && { sampler }),
  })
  const tracer = provider.getTracer('benchmark', '1.0.0')
  const send = () => {
    for (let chunk = queue.take(); chunk !== undefined; chunk = queue.take()) queue.release(chunk)
  }
  return { tracer, send }
}

function redacting(queue, redact) {
  const redaction = createRedaction(readRedaction({ redact }, readEnvironment({}, console.error)))
  return { add: (span) => queue.add(redaction.record(span)) }
}
