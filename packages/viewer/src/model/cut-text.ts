/**
 * The beginning of a text, at most `length` characters. What is cut is copied: a part of a string would keep
 * all of it in memory.
 */
export function cutText(text: string, most: number): string {
  return text.length <= most ? text : Buffer.from(text.slice(0, most)).toString()
}
