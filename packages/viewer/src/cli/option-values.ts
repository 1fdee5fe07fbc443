/**
 * Reads the value of an option that is a whole number.
 *
 * @throws TypeError with one sentence that names the option, the value and what is allowed
 */
export function wholeNumber(
  name: string,
  text: string | undefined,
  least: number,
  most: number = Number.POSITIVE_INFINITY,
): number | undefined {
  if (text === undefined) return undefined
  const value = /^\d{1,12}$/.test(text) ? Number(text) : Number.NaN
  if (value >= least && value <= most) return value
  const allowed = Number.isFinite(most) ? `from ${least} to ${most}` : `of at least ${least}`
  throw new TypeError(`${name} must be a whole number ${allowed}, not "${text}".`)
}

/**
 * Reads the value of an option that is a size, in bytes.
 *
 * @throws TypeError with one sentence that names the option, the value and what is allowed
 */
export function sizeValue(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const match = /^(\d{1,12})\s*(?:([kmg])(?:i?b)?|b)?$/i.exec(text)
  const power = ['', 'k', 'm', 'g'].indexOf((match?.[2] ?? '').toLowerCase())
  const value = Number(match?.[1] ?? 0) * 1024 ** power
  if (value > 0 && Number.isSafeInteger(value)) return value
  throw new TypeError(
    `${name} must be a size like 64MiB or 1GiB, or a number of bytes, not "${text}".`,
  )
}

/** A size as an option takes it, in the largest unit that gives a whole number. */
export function sizeText(bytes: number): string {
  const power = [3, 2, 1].find((each) => bytes % 1024 ** each === 0) ?? 0
  return `${bytes / 1024 ** power}${['', 'KiB', 'MiB', 'GiB'][power]}`
}
