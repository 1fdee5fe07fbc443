import { measure } from './measure.js'
import { summarise } from './statistics.js'

/** Measures each subject in each round, and says each sample as it comes. */
export async function runRounds({ subjects, cellsOf, start }, options) {
  const samples = []
  for (let round = 1; round <= options.rounds; round += 1) {
    for (const subject of subjects) {
      for (const sample of await measure(cellsOf(subject), start, options)) {
        samples.push({ ...sample, round })
        const { variant, mode, micros } = sample
        console.error(`round ${round}: ${subject}, ${variant}, ${mode}: ${micros.toFixed(1)} µs`)
      }
    }
  }
  return { samples, summary: summarise(samples) }
}
