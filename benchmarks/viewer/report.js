import { markdown } from '../harness/markdown.js'
import { median } from '../harness/statistics.js'
import { AT_ONCE, BATCH } from './ingest.js'
import { queries as asked } from './queries.js'
import { SPEEDS } from './scroll.js'
import { scrollRow } from './scroll-row.js'

/** The results as tables, with the goals next to them, after a sentence that names those that were missed. */
export function report(results) {
  const rows = [
    ...ingestRows(results),
    ...queryRows(results),
    ...pageRows(results),
    ...memoryRows(results),
    ...startUpRows(results),
  ]
  const missed = rows.filter(({ met }) => met === false)
  const goals = rows.filter(({ met }) => met !== undefined)
  return [verdict(missed, goals), table(rows), notes(results)].join('\n\n')
}

function verdict(missed, goals) {
  if (missed.length === 0) return `All ${goals.length} goals were met in this run.`
  const list = missed.map(({ what, value, goal }) => `- ${what}: ${value}, and the goal is ${goal}`)
  return `**Missed in this run, ${missed.length} of ${goals.length} goals:**\n\n${list.join('\n')}`
}

const table = (rows) =>
  markdown([
    ['what', 'measured', 'goal', '', 'details'],
    ...rows.map(({ what, value, goal = '', met, more = '' }) => [
      what,
      value,
      goal,
      met === undefined ? '' : met ? 'met' : '**missed**',
      more,
    ]),
  ])

const ingestRows = ({ ingest }) =>
  Object.entries(ingest).map(([encoding, { perCpuSecond, perSecond }]) => ({
    what: `ingest over HTTP, OTLP protobuf${encoding === 'gzip' ? ', gzip' : ''}, on one core`,
    value: `${count(perCpuSecond)} spans/s`,
    goal: '≥ 40,000 spans/s',
    met: perCpuSecond >= 40_000,
    more: `${count(perSecond)} spans/s by the clock`,
  }))

const queryRows = ({ queries, kept }) =>
  Object.entries(queries).map(([name, { millis, matched }]) => {
    const { goal, example } = asked[name]
    const [first, ...rest] = millis
    const value = median(rest)
    return {
      what: `query at ${count(kept.spans)} spans, ${name}${example ? `: \`${example}\`` : ''}`,
      value: ms(value),
      ...(goal ? { goal: `< ${goal} ms`, met: value < goal } : {}),
      more: `first ${ms(first)}, slowest ${ms(Math.max(...rest))}; ${count(matched)} traces`,
    }
  })

function pageRows({ page }) {
  if (page === undefined)
    return [{ what: 'the page', value: 'not measured: no Chromium was found' }]
  const { drawing, scrolling, frames } = page
  const draw = (what, millis, goal) => ({
    what,
    value: ms(median(millis)),
    ...(goal ? { goal: `< ${goal} ms`, met: median(millis) < goal } : {}),
    more: `${ms(Math.min(...millis))} to ${ms(Math.max(...millis))}`,
  })
  return [
    draw('trace of 10,000 spans drawn, from the click in the list', drawing[10_000].fromList, 500),
    draw('trace of 10,000 spans drawn, page loaded again', drawing[10_000].fromAddress),
    ...Object.keys(SPEEDS).map((speed) => scrollRow(scrolling, speed, frames)),
    {
      ...draw('trace of 50,000 spans drawn, from the click', drawing[50_000].fromList),
      goal: 'opens',
      met: true,
    },
    draw('trace of 50,000 spans drawn, page loaded again', drawing[50_000].fromAddress),
  ]
}

const memoryRows = ({ memory, kept }) => [
  {
    what: `memory with ${count(kept.spans)} spans and ${count(kept.logs)} log lines, highest resident`,
    value: megabytes(memory.peak),
    goal: '< 400 MB',
    met: memory.peak < 400e6,
    more: `${megabytes(memory.resident)} at the end, ${megabytes(memory.collected.heap)} of heap after a collection`,
  },
]

const startUpRows = ({ startUp: { viewer, node } }) => [
  {
    what: 'start-up, until the page is answered',
    value: ms(median(viewer)),
    goal: '< 300 ms',
    met: median(viewer) < 300,
    more: `${ms(Math.min(...viewer))} to ${ms(Math.max(...viewer))}; bare Node takes ${ms(median(node))}`,
  },
]

const notes = ({ kept }) => `\
- Ingest: requests of ${BATCH} spans, ${AT_ONCE} at once, from another process; a span has 9 to 11 attributes.
  On one core means for each second of CPU that the viewer's process has used. It receives more than it
  keeps, so that eviction is measured as well.
- Queries: milliseconds from asking for the first 100 traces to having read the answer, over HTTP,
  each time for another value: the median of 20, after a first one in which each trace collects the
  values of the key. ${count(kept.spans)} spans of
  ${count(kept.traces)} traces are kept then, ${count(kept.bytes / 1e6)} MB by the store's own count.
- Drawing: until the rows that fill the screen are painted, fetching included: the median of fresh
  pages. Scrolling: 100 and 280 pixels (ten rows) a frame at 60 frames a second, which is eight and
  twenty-four screens a second, in five fresh pages; a frame that takes as long as three has dropped
  two. Scrolling goes on until 600 frames were not disturbed by the host of this virtual machine, for at most
  2,400 frames. A second in which the host took more than a hundredth of the machine's time counts as
  disturbed: frames are dropped then, whatever the page does.
- Start-up: from starting the process to the answer, the median.`

const count = (number) => Math.round(number).toLocaleString('en')
const ms = (number) => `${number.toFixed(number < 10 ? 1 : 0)} ms`
const megabytes = (bytes) => `${Math.round(bytes / 1e6)} MB`
