/**
 * Checks that the value is an object of options, and that each of them exists.
 *
 * @throws TypeError with one sentence that names the option, the nearest one and those that are allowed
 */
export function checkNames(
  what: string,
  options: object,
  names: Readonly<Record<string, true>>,
): void {
  if (!isNamed(options)) throw new TypeError(`The options of ${what} must be an object.`)
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(names, name))
  if (unknown === undefined) return
  const known = Object.keys(names)
  const near = nearest(unknown, known)
  const next = near === undefined ? 'allowed' : `did you mean '${near}'? Allowed`
  throw new TypeError(`${what} has no option '${unknown}'; ${next}: ${known.join(', ')}`)
}

/** Neither a list or a Map, which have no names, nor a promise, which has none yet. */
function isNamed(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return !(Symbol.iterator in value) && !(value instanceof Promise)
}

const LEAST_LIKENESS = 0.7

/** The name that has most letters in common with `name`; undefined where none has enough. */
function nearest(name: string, known: readonly string[]): string | undefined {
  const likeness = known.map((each) => likenessOf(name.toLowerCase(), each.toLowerCase()))
  const most = Math.max(...likeness)
  return most >= LEAST_LIKENESS ? known[likeness.indexOf(most)] : undefined
}

/** The share of letters in common, from 0 to 1 (Dice's coefficient). */
function likenessOf(one: string, other: string): number {
  const left = [...other]
  let shared = 0
  for (const letter of one) {
    const index = left.indexOf(letter)
    if (index < 0) continue
    left.splice(index, 1)
    shared++
  }
  return (2 * shared) / (one.length + other.length)
}
