import { createQueryRedactor } from '@callchain/core/internal'
import { REDACTED, type Shape } from './shapes.ts'

const CREDENTIALS = /(:\/\/|%3A%2F%2F)(?:(?!%2F|%3F|%23)[^/?#&\s"'<>]){1,1024}(@|%40)/gi
const QUERY = /(?<=\?)[^\s#"'<>]+/g

/**
 * The credentials and the secret parameters of URLs in a text, by the names that core knows and these
 * on top. `query` does the same for a text that is a query string as a whole.
 */
export function createUrlShape(names: readonly string[]): Shape & { query(text: string): string } {
  const query = createQueryRedactor(names)
  return {
    trigger: ':\\/\\/[^/?#\\s]{0,1024}@|%3[Aa]%2[Ff]%2[Ff]|\\?[^=?\\s]{1,64}=',
    query,
    strike: (text) =>
      text.replace(CREDENTIALS, `$1${REDACTED}:${REDACTED}$2`).replace(QUERY, query),
  }
}
