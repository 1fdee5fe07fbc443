// Plants one fault at a time in a copy of the sources and runs the suites that could see it:
// `node scripts/mutants.js`, or with words to choose some (`trust`, `server/ends-twice`). `--quick`
// leaves out the suites that come last, which take longest: the contracts. `--check` tells only
// whether each mutant still has its place. Exits with 1 when one survives that is not said to be
// equivalent, when one is not found any more, and when a suite is red without any mutant.
import { copyTree, isInPlace, plant, suiteBeside } from './mutants/copy.js'
import { rooms } from './mutants/rooms.js'
import { startSuites } from './mutants/run-suites.js'

const args = process.argv.slice(2)
const isQuick = args.includes('--quick')
const wanted = args.filter((arg) => !arg.startsWith('--'))
const mutants = rooms
  .flatMap(({ name, suites, mutants }) =>
    mutants.map((mutant) => ({
      ...mutant,
      name: `${name}/${mutant.name}`,
      suites: [...seenBy(mutant), ...suiteBeside(mutant.file), ...suites],
    })),
  )
  .filter(({ name }) => wanted.length === 0 || wanted.some((each) => name.includes(each)))

const lost = mutants.filter((mutant) => !isInPlace(mutant))
for (const { name, file } of lost) {
  console.error(`${name}: its text is not in ${file}, or more than once; correct scripts/mutants`)
}
if (lost.length > 0 || args.includes('--check')) {
  console.log(`${mutants.length} mutants, ${lost.length} without their place.`)
  process.exit(lost.length === 0 ? 0 : 1)
}

const copy = copyTree()
const jest = startSuites(copy.root)
process.on('exit', () => {
  jest.stop()
  copy.remove()
})
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1))

const stagesOf = ({ suites }) => (isQuick ? suites.slice(0, -1) : suites)
const tried = mutants.filter(({ equivalent }) => equivalent === undefined)
const allSuites = [...new Set(tried.flatMap((mutant) => stagesOf(mutant).flat()))]
const redBefore = await jest.allRed(allSuites)
for (const { suite, red } of redBefore) console.error(`${suite} is red without a mutant: ${red}`)
if (redBefore.length > 0) process.exit(1)
console.log(`${allSuites.length} suites are green without a mutant.`)

const survivors = []
let killed = 0
for (const mutant of mutants) {
  if (mutant.equivalent !== undefined) {
    say(mutant.name, `equivalent: ${mutant.equivalent}`)
    continue
  }
  const takeOut = plant(copy.root, mutant)
  const red = await jest.firstRed(stagesOf(mutant))
  takeOut()
  if (red === undefined) survivors.push(mutant)
  else killed += 1
  say(mutant.name, red === undefined ? `SURVIVED: ${mutant.breaks}` : `red: ${red}`)
}
console.log(
  `${killed} of ${tried.length} mutants were seen, ${mutants.length - tried.length} are equivalent.`,
)
process.exit(survivors.length === 0 ? 0 : 1)

/** A mutant may name the suite that saw it last, which is then tried first. */
function seenBy({ by }) {
  return by === undefined ? [] : [[by]]
}

function say(name, outcome) {
  console.log(`${name.padEnd(42)} ${outcome}`)
}
