import { measure, measureTurns } from './measure.js'
import { median, summarise } from './statistics.js'

/** Measures each subject in each round, and says each sample as it comes. */
export async function runRounds({ subjects, cellsOf, start }, options) {
  const samples = []
  for (let round = 1; round <= options.rounds; round += 1) {
    for (const subject of subjects) {
      for (const sample of await measure(cellsOf(subject), start, options)) {
        samples.push({ ...sample, round })
        say({ ...sample, round })
      }
    }
  }
  return { samples, summary: summarise(samples) }
}

/** The same, in which each turn counts like a round, and is compared with the untraced one next to it. */
export async function runTurns({ subjects, cellsOf, start }, options) {
  const samples = []
  for (let round = 1; round <= options.rounds; round += 1) {
    for (const subject of subjects) {
      const cells = cellsOf(subject)
      const found = await measureTurns(cells, start, options)
      for (const { turn, ...sample } of found) {
        samples.push({ ...sample, round: (round - 1) * options.turns + turn + 1 })
      }
      for (const cell of cells) say({ ...cell, micros: middle(found, cell), round })
    }
  }
  return { samples, summary: summarise(samples, { range: 'middle half' }) }
}

const middle = (samples, { variant, mode }) =>
  median(samples.filter((one) => one.variant === variant && one.mode === mode).map(microsOf))

const microsOf = ({ micros }) => micros

function say({ round, subject, variant, mode, micros }) {
  console.error(`round ${round}: ${subject}, ${variant}, ${mode}: ${micros.toFixed(1)} µs`)
}
