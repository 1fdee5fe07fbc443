import { randomBytes } from 'node:crypto'
import { EDGE_JOIN_KEY } from '@callchain/core/internal'
import { parentOf, type Sampler, type SamplingAnswer } from '@callchain/recorder'
import type { Attributes, SpanContext, TraceState } from '@opentelemetry/api'
import type { Keeper } from './keeper.ts'
import { stateFor } from './outlet.ts'
import type { JudgedSpan, Verdict } from './part.ts'
import { randomnessOf, trustedState, withThreshold } from './threshold.ts'

const LEAVE: SamplingAnswer = { decision: 0 }
const RECORD: SamplingAnswer = { decision: 1 }
const SEND: SamplingAnswer = { decision: 2 }

/**
 * Records everything that `head`, where there is one, does not leave out. What is kept already goes out
 * with the sampled flag, so that the services below keep it too.
 */
export function keepSampler<S extends JudgedSpan>(keeper: Keeper<S>, head?: Sampler): Sampler {
  return {
    // It reads some, and changes none.
    ignoresAttributes: head === undefined || head.ignoresAttributes === true,
    shouldSample(context, traceId, name, kind, attributes, links) {
      const parent = parentOf(context)
      if (parent !== undefined && parent.isRemote !== true) {
        if (head !== undefined && !keeper.knows(traceId)) return LEAVE
        return answer(keeper.verdictOf(traceId), parent.traceState, parent)
      }
      const asked = head?.shouldSample(context, traceId, name, kind, attributes, links)
      if (asked?.decision === LEAVE.decision) return LEAVE
      return context.getValue(EDGE_JOIN_KEY) === true
        ? joinStranger(keeper, traceId, name, attributes)
        : enter(keeper, traceId, name, attributes, parent)
    },
    toString: () => 'KeepSampler',
  }
}

function enter<S extends JudgedSpan>(
  keeper: Keeper<S>,
  traceId: string,
  name: string,
  attributes: Attributes,
  caller: SpanContext | undefined,
): SamplingAnswer {
  const state = caller === undefined ? undefined : trustedState(caller)
  const randomness = randomnessOf(traceId, state)
  return answer(keeper.open(traceId, { caller, randomness, name, attributes }), state, caller)
}

// Who joins a stranger's trace draws a lot of its own, and tells those below: the stranger has chosen the id.
function joinStranger<S extends JudgedSpan>(
  keeper: Keeper<S>,
  traceId: string,
  name: string,
  attributes: Attributes,
): SamplingAnswer {
  const randomness = randomBytes(7).toString('hex')
  const state = withThreshold(undefined, undefined, randomness)
  const verdict = keeper.open(traceId, { caller: undefined, randomness, name, attributes })
  return answer(verdict, state, undefined)
}

function answer(
  verdict: Verdict | undefined,
  state: TraceState | undefined,
  parent: SpanContext | undefined,
): SamplingAnswer {
  const traceState = verdict === undefined ? state : stateFor(state, verdict)
  const isInherited = traceState === undefined || traceState === parent?.traceState
  if (verdict === undefined) return isInherited ? RECORD : { decision: 1, traceState }
  return isInherited ? SEND : { decision: 2, traceState }
}
