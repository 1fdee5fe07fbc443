/** The number in the middle of a list, or the mean of the two. */
export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/** The number that this share of a list is not above. */
export function quantile(numbers, share) {
  const sorted = [...numbers].sort((a, b) => a - b)
  return sorted[Math.round(share * (sorted.length - 1))]
}

/**
 * Sums the rounds up: for each cell the median CPU time of an operation, and what tracing adds to it,
 * with the lowest and the highest round, or the `middle half` of them. A round is compared with its
 * own untraced process, because a shared machine is faster in one round than in the next.
 */
export function summarise(samples, { range = 'lowest to highest' } = {}) {
  const cells = samples.filter(({ round }) => round === samples[0].round)
  return cells.map(({ subject, variant, mode, spans }) => {
    const rounds = samples.filter(
      (sample) => sample.subject === subject && sample.variant === variant && sample.mode === mode,
    )
    const added = rounds.map((sample) => sample.micros - untraced(samples, sample).micros)
    return {
      subject,
      variant,
      mode,
      spans,
      micros: median(rounds.map(({ micros }) => micros)),
      added: median(added),
      range,
      lowest: quantile(added, range === 'middle half' ? 0.25 : 0),
      highest: quantile(added, range === 'middle half' ? 0.75 : 1),
    }
  })
}

const untraced = (samples, { subject, round }) =>
  samples.find(
    (other) => other.variant === 'none' && other.subject === subject && other.round === round,
  )
