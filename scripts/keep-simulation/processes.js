import { createRecorderProvider } from '../../packages/recorder/dist/esm/index.js'
import { keepSampler } from '../../packages/sdk/dist/esm/keep/keep-sampler.js'
import { keepRecords } from '../../packages/sdk/dist/esm/keep/keep-spans.js'
import { readKeepSettings } from '../../packages/sdk/dist/esm/keep/settings.js'
import { createTraceDecider } from '../../packages/sdk/dist/esm/keep/trace-decider.js'

/** One process of a service: a recorder of our own with a keeper, and what it sends. */
export class ServiceProcess {
  constructor(keep, onSent) {
    const records = keepRecords(readKeepSettings(keep), { add: onSent })
    this.keeper = createTraceDecider(records.keeper)
    this.records = records.keeper
    const provider = createRecorderProvider({
      sink: records.sink,
      sampler: keepSampler(records.keeper),
    })
    this.tracer = provider.getTracer('simulation')
  }

  /** About how many bytes of spans it holds. */
  get bytes() {
    return this.records.parts.bytes + this.records.closed.bytes
  }

  /** Tells another process which traces were kept lately. */
  tell(other) {
    const rumours = this.keeper.rumours()
    if (rumours !== undefined) other.keeper.hear(rumours)
  }
}
