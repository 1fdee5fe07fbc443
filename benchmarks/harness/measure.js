/**
 * The CPU time in microseconds that the process of each cell uses for one operation, its share of the
 * export included. The processes live at the same time and take turns, so that a busy moment of the
 * machine falls on all of them alike. `start` gives the process of a cell, or rejects.
 */
export async function measure(cells, start, { warmup, turns, requests }) {
  const subjects = []
  try {
    for (const cell of cells) subjects.push(await start(cell))
    for (const subject of subjects) await subject.call(warmup)
    for (const subject of subjects) await subject.settle()
    const before = await cpuOf(subjects)
    for (let turn = 0; turn < turns; turn += 1) await takeTurns(subjects, turn, requests)
    const exported = []
    for (const subject of subjects) exported.push(await subject.settle())
    const after = await cpuOf(subjects)
    return cells.map((cell, at) => ({
      ...cell,
      micros: (after[at] - before[at]) / (requests * turns),
      spans: exported[at] / (warmup + requests * turns),
    }))
  } finally {
    await Promise.all(subjects.map((subject) => subject.stop()))
  }
}

const cpuOf = (subjects) => Promise.all(subjects.map((subject) => subject.cpu()))

// Each turn begins one process further on, so that none always follows the same other one.
async function takeTurns(subjects, turn, requests) {
  const first = turn % subjects.length
  const order = [...subjects.slice(first), ...subjects.slice(0, first)]
  for (const subject of order) await subject.call(requests)
}
