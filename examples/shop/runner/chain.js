/** @typedef {import('./spans.js').Span} Span */

const slowMs = 200
const ATTEMPT = 'callchain.message.attempt'

/**
 * The spans that began a chain: without a parent, or with one that has not come.
 * @param {Span[]} spans
 */
export function rootsOf(spans) {
  const ids = new Set(spans.map((span) => span.id))
  return byStart(spans.filter((span) => !span.parentId || !ids.has(span.parentId)))
}

/**
 * @param {Span[]} spans
 * @param {Span} parent
 */
export function childrenOf(spans, parent) {
  return byStart(spans.filter((span) => span.parentId === parent.id))
}

/**
 * Whether every span of a chain has come: its root, every parent, what each call that was answered did
 * on the other side, and the last attempt at each message that was sent.
 * @param {Span[]} spans
 */
export function isWhole(spans) {
  const roots = rootsOf(spans)
  if (roots.length !== 1 || roots[0]?.parentId) return false
  const parents = new Set(spans.map((span) => span.parentId))
  return spans.every(
    (span) =>
      (!wasAnswered(span) || parents.has(span.id)) &&
      (span.kind !== 'producer' || span.failed || wasSettled(childrenOf(spans, span))),
  )
}

// A message is tried twice.
/** @param {Span[]} attempts */
function wasSettled(attempts) {
  return attempts.some((span) => !span.failed || Number(span.attributes[ATTEMPT] ?? 0) > 1)
}

/** @param {Span} span */
function wasAnswered(span) {
  return span.kind === 'client' && span.attributes['http.response.status_code'] !== undefined
}

/**
 * The span that made a slow chain slow: 200 ms and at least half of the time until the answer were
 * its own, not that of the spans under it. What waits in a queue keeps nobody waiting.
 * @param {Span[]} spans
 * @returns {Span | undefined} undefined: the chain is not slow, or no single span is to blame
 */
export function slowSpan(spans) {
  const much = Math.max(slowMs, spanOfTime(rootsOf(spans)).duration / 2)
  return spans.find((span) => ownTime(spans, span) >= much)
}

/**
 * The failed spans that no failed span under them explains. A call that was answered 4xx has failed
 * by the conventions, yet nothing is broken: the answer was no.
 * @param {Span[]} spans
 */
export function brokenSpans(spans) {
  return spans.filter((span) => isBroken(span) && !childrenOf(spans, span).some(isBroken))
}

/** @param {Span} span */
function isBroken(span) {
  const status = Number(span.attributes['http.response.status_code'] ?? 500)
  return span.failed && status >= 500
}

/**
 * When a chain began and how long it took, in milliseconds.
 * @param {Span[]} spans
 */
export function spanOfTime(spans) {
  const start = Math.min(...spans.map((span) => span.start))
  return { start, duration: Math.max(...spans.map((span) => span.end)) - start }
}

/**
 * A span's time less its children's, who may overlap each other.
 * @param {Span[]} spans
 * @param {Span} span
 */
function ownTime(spans, span) {
  let free = span.end - span.start
  let busyUntil = span.start
  for (const child of childrenOf(spans, span)) {
    const end = Math.min(child.end, span.end)
    free -= Math.max(0, end - Math.max(child.start, busyUntil))
    busyUntil = Math.max(busyUntil, end)
  }
  return free
}

/** @param {Span[]} spans */
function byStart(spans) {
  return spans.toSorted((one, other) => one.start - other.start)
}
