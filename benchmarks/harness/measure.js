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

/**
 * The same, and each turn of each process is a sample of its own, with the export of its spans: what
 * the machine does besides falls on few of them, and the middle one is left alone.
 */
export async function measureTurns(cells, start, { warmup, turns, requests }) {
  const subjects = []
  try {
    for (const cell of cells) subjects.push(await start(cell))
    for (const subject of subjects) await sampleOf(subject, warmup)
    const samples = []
    for (let turn = 0; turn < turns; turn += 1) {
      for (const at of orderOf(cells, turn)) {
        const { micros, spans } = await sampleOf(subjects[at], requests)
        samples.push({
          ...cells[at],
          turn,
          micros,
          spans: spans / (warmup + requests * (turn + 1)),
        })
      }
    }
    return samples
  } finally {
    await Promise.all(subjects.map((subject) => subject.stop()))
  }
}

async function sampleOf(subject, requests) {
  const before = await subject.cpu()
  await subject.call(requests)
  const spans = await subject.settle()
  return { micros: ((await subject.cpu()) - before) / requests, spans }
}

const cpuOf = (subjects) => Promise.all(subjects.map((subject) => subject.cpu()))

async function takeTurns(subjects, turn, requests) {
  for (const at of orderOf(subjects, turn)) await subjects[at].call(requests)
}

// Each turn begins one process further on, so that none always follows the same other one.
const orderOf = (list, turn) => list.map((_, at) => (at + turn) % list.length)
