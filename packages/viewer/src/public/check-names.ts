/**
 * Checks that every option that is given is one of those that there are.
 *
 * @throws TypeError with one sentence that names the option and those that are allowed
 */
export function checkNames(
  what: string,
  options: object,
  names: Readonly<Record<string, true>>,
): void {
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(names, name))
  if (unknown === undefined) return
  throw new TypeError(
    `${what} has no option '${unknown}'; allowed: ${Object.keys(names).join(', ')}`,
  )
}
