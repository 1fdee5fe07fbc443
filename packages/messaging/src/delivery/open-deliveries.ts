import type { DeliveryCall, MessageOutcome } from '@callchain/core'

const MAX_OPEN_DELIVERIES = 1000
const MAX_OPEN_MILLIS = 60_000

/** The deliveries of a channel or a consumer that nobody has settled yet, each by a key of its own. */
export interface OpenDeliveries<Key> {
  /** Keeps a delivery until it is settled; the function ends it, whatever is said about it later. */
  add(key: Key, call: DeliveryCall): (outcome: MessageOutcome) => void
  /** The application has settled one; `verdict` says how, where that is a failure. */
  settle(key: Key, verdict: string | undefined): void
  /** The application has settled all of which `includes` is true. */
  settleAll(includes: (key: Key) => boolean, verdict: string | undefined): void
  /** Nothing can be settled any more: ends all as failed, but those whose handler has given a promise. */
  closeAll(reason: string): void
}

interface Open {
  readonly call: DeliveryCall
  readonly since: number
  /** How it was settled, where that is a failure. */
  verdict: string | undefined
}

/**
 * Follows deliveries until they are settled. A handler that gives a promise ends with it; one that does
 * not, with its acknowledgement. What is never settled is let go after a minute, or when a thousand are
 * open, without a timer that would keep the process alive.
 */
export function createOpenDeliveries<Key>(): OpenDeliveries<Key> {
  const open = new Map<Key, Open>()
  const settleOne = (key: Key, entry: Open, verdict: string | undefined): void => {
    entry.verdict = verdict
    // In the same turn a handler may still throw, and then that is what happened.
    queueMicrotask(() => endLate(open, key, entry))
  }
  return {
    add: (key, call) => {
      letGo(open)
      const entry: Open = { call, since: performance.now(), verdict: undefined }
      open.set(key, entry)
      return (outcome) => {
        if (open.get(key) === entry) open.delete(key)
        call.settle(withVerdict(outcome, entry.verdict))
      }
    },
    settle: (key, verdict) => {
      const entry = open.get(key)
      if (entry !== undefined) settleOne(key, entry, verdict)
    },
    settleAll: (includes, verdict) => {
      for (const [key, entry] of open) if (includes(key)) settleOne(key, entry, verdict)
    },
    closeAll: (reason) => {
      for (const { call } of open.values()) {
        if (!promised.has(call)) call.settle({ errorType: reason })
      }
      open.clear()
    },
  }
}

/** What came of a handler, with how the message was settled: what was thrown says more. */
export function withVerdict(outcome: MessageOutcome, verdict: string | undefined): MessageOutcome {
  return verdict === undefined || outcome.error !== undefined ? outcome : { errorType: verdict }
}

/** Deliveries whose handler has given a promise. */
const promised = new WeakSet<DeliveryCall>()

/** Says that a handler's promise will say when it ends. */
export function awaitHandler(call: DeliveryCall): void {
  promised.add(call)
}

function endLate<Key>(open: Map<Key, Open>, key: Key, entry: Open): void {
  if (open.get(key) !== entry || promised.has(entry.call)) return
  open.delete(key)
  entry.call.settle(withVerdict({}, entry.verdict))
}

// The oldest first, as they were put in.
function letGo<Key>(open: Map<Key, Open>): void {
  for (const [key, { call, since }] of open) {
    const isOld = performance.now() - since > MAX_OPEN_MILLIS
    if (!isOld && open.size < MAX_OPEN_DELIVERIES) return
    open.delete(key)
    if (!promised.has(call)) call.settle()
  }
}
