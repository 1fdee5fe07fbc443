/**
 * The URL, or undefined where the text is not one. Not by `URL.canParse()`: on Node 20, once it is
 * compiled, it says no to text with characters from U+0080 to U+00FF.
 */
export function parseUrl(text: string, base?: string): URL | undefined {
  try {
    return new URL(text, base)
  } catch {
    return undefined
  }
}
