/** What a contract needs of a test runner; Jest, Vitest and Mocha have it as globals. */
export interface TestRunner {
  describe(title: string, body: () => void): void
  it(title: string, body: () => Promise<void>): void
}

/** Promises that a framework or client makes impossible: the promise's name, and why. */
export type Gaps = Readonly<Record<string, string>>

/** One thing that every adapter, or every client, must do. */
export interface ContractPromise<Stage> {
  /** Finishes the sentence that begins with the adapter's name. */
  readonly name: string
  /** Throws when the promise is not kept. */
  check(stage: Stage): Promise<void>
}

/** A contract, and who is to keep it. */
export interface Contract<Stage> {
  /** Who keeps the promises: `'Koa 3'`. */
  readonly name: string
  readonly groups: Readonly<Record<string, readonly ContractPromise<Stage>[]>>
  readonly gaps: Gaps
  readonly runner: TestRunner | undefined
  /** Sets the stage for one promise, runs it, and clears up. */
  perform(check: (stage: Stage) => Promise<void>): Promise<void>
}

/**
 * Declares a test for each promise. A promise that is named as a gap is still run and must
 * fail; once it holds, its test goes red. Throws a TypeError for a gap that names no promise.
 */
export function declareContract<Stage>(contract: Contract<Stage>): void {
  const { name, groups, gaps } = contract
  const { describe, it } = contract.runner ?? globalRunner()
  const names = Object.values(groups).flatMap((promises) => promises.map((each) => each.name))
  checkNames(names, gaps)
  describe(`${name}: ${names.length} promises, ${countOf(gaps)}`, () => {
    for (const [group, promises] of Object.entries(groups)) {
      describe(group, () => {
        for (const promise of promises) declarePromise(contract, promise, it)
      })
    }
  })
}

function declarePromise<Stage>(
  { gaps, perform }: Contract<Stage>,
  promise: ContractPromise<Stage>,
  it: TestRunner['it'],
): void {
  const run = (): Promise<void> => perform((stage) => promise.check(stage))
  const reason = gaps[promise.name]
  if (reason === undefined) it(promise.name, run)
  else it(`known gap (${reason}): ${promise.name}`, () => expectFailure(promise.name, run))
}

async function expectFailure(name: string, run: () => Promise<void>): Promise<void> {
  try {
    await run()
  } catch {
    return
  }
  throw new Error(`this gap is closed; remove it from the list: ${name}`)
}

function checkNames(names: readonly string[], gaps: Gaps): void {
  for (const [index, name] of names.entries()) {
    if (names.indexOf(name) !== index) throw new TypeError(`two promises are named '${name}'`)
  }
  for (const gap of Object.keys(gaps)) {
    if (names.includes(gap)) continue
    throw new TypeError(`no promise is named '${gap}'; there are:\n- ${names.join('\n- ')}`)
  }
}

function countOf(gaps: Gaps): string {
  const count = Object.keys(gaps).length
  return count === 0 ? 'no gap' : `${count} named gap${count === 1 ? '' : 's'}`
}

function globalRunner(): TestRunner {
  const { describe, it } = globalThis as Partial<TestRunner>
  if (describe === undefined || it === undefined) {
    throw new TypeError(
      'callchain: there is no global describe and it; pass those of your test runner as `runner`',
    )
  }
  return { describe, it }
}
