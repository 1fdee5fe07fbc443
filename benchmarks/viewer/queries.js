const TIMES = 21

/** The queries that are asked, each time about something else; `goal` in milliseconds. */
export const queries = {
  attribute: { example: 'tenant.id=tenant-7', query: (n) => `tenant.id=tenant-${n}`, goal: 50 },
  'attribute of one user': {
    example: 'user.id=user-7',
    query: (n) => `user.id=user-${n}`,
    goal: 50,
  },
  'free text with hits': {
    example: '"user-107"',
    query: (n) => `"user-${100 + n}"`,
    goal: 120,
  },
  'free text without': { example: '"absent-7"', query: (n) => `"absent-${n}"`, goal: 120 },
  duration: { example: 'dur>100ms', query: (n) => `dur>${90 + n}ms` },
  'regular expression': {
    example: 'http.route~^/stock',
    query: (n) => `http.route~^/stock.{${n % 3}}`,
  },
  everything: { example: '', query: () => '' },
}

/** Milliseconds from asking for a list of 100 traces to having read the answer. */
export async function measureQueries(viewer) {
  const results = {}
  for (const [name, { query }] of Object.entries(queries)) {
    const millis = []
    let matched = 0
    for (let time = 0; time < TIMES; time += 1) {
      const began = performance.now()
      const path = `/api/local/traces?limit=100&q=${encodeURIComponent(query(time))}`
      ;({ matched } = await viewer.read(path))
      millis.push(performance.now() - began)
    }
    results[name] = { millis, matched }
  }
  return results
}
