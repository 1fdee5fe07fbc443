/** The number in the middle of a list, or the mean of the two. */
export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/**
 * Sums the rounds up: for each cell the median CPU time of an operation, and what tracing adds to it,
 * with the lowest and the highest round. A round is compared with its own untraced process, because
 * a shared machine is faster in one round than in the next.
 */
export function summarise(samples) {
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
      lowest: Math.min(...added),
      highest: Math.max(...added),
    }
  })
}

const untraced = (samples, { subject, round }) =>
  samples.find(
    (other) => other.variant === 'none' && other.subject === subject && other.round === round,
  )
