/**
 * Checks a token that a header must be able to carry. Messages do not repeat it.
 *
 * @throws TypeError with one sentence that names the option and what is allowed
 */
export function checkToken(token: string, option: string): void {
  if (typeof token !== 'string' || !/^[\x21-\x7e]+$/.test(token))
    throw new TypeError(
      `${option} must be ASCII letters, digits and punctuation, without spaces, and not empty.`,
    )
}
