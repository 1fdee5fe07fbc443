/** Where `${NAME}` is looked up. */
export type Variables = Readonly<Record<string, string | undefined>>

const REFERENCE = /\$\{(?:env:)?([A-Za-z_][A-Za-z0-9_]*)(?::-([^\n]*?))?\}/g
const MALFORMED = /\$\{[^}\n]*\}/

/**
 * Puts variables into a text (OpenTelemetry Configuration, "Environment variable substitution"): `${NAME}`,
 * `${env:NAME}` and `${NAME:-default}`, once; `$$` stands for `$`.
 *
 * @throws Error that names a reference which is malformed
 */
export function substitute(text: string, variables: Variables): string {
  // First, so that what an escape leaves is not looked at again.
  return text
    .split('$$')
    .map((piece) => {
      const [malformed] = piece.replace(REFERENCE, '').match(MALFORMED) ?? []
      if (malformed !== undefined) {
        throw new Error(
          `${malformed} is not allowed: \${NAME}, \${env:NAME}, \${NAME:-default}, or $$ for $`,
        )
      }
      return piece.replace(
        REFERENCE,
        (_, name: string, fallback = '') => variables[name] || fallback,
      )
    })
    .join('$')
}

const NULL = /^(?:~|null|Null|NULL)?$/
const TRUE = /^(?:true|True|TRUE)$/
const FALSE = /^(?:false|False|FALSE)$/
const NUMBER = /^[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?$|^0o[0-7]+$|^0x[\da-fA-F]+$/

/** The value of a plain scalar of YAML: types are taken after variables are put in (YAML 1.2, "Core Schema"). */
export function resolvePlain(text: string): string | number | boolean | null {
  if (NULL.test(text)) return null
  if (TRUE.test(text)) return true
  if (FALSE.test(text)) return false
  return NUMBER.test(text) ? Number(text) : text
}
