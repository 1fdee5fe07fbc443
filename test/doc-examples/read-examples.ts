/** The example in the doc comment of something public. */
export interface Example {
  /** The package and what is documented: `core/setRoute`. */
  readonly name: string
  /** Where its code begins, for messages: `packages/core/src/server/set-route.ts:9`. */
  readonly place: string
  /** `js` where parameters have no types, as in JavaScript. */
  readonly language: string
  readonly code: string
}

const COMMENT = /\/\*\*\n(?:[^\S\n]*\*(?!\/).*\n)*?[^\S\n]*\*\/\n/g
const CODE = /^@example\n```([jt]s)\n(.*?)\n```$/gms
const DECLARED =
  /^\s*(?:export (?:async )?(?:function|const|class) (\w+)|(?:readonly )?(\w+)\??[(:])/

/**
 * The examples in a source file, in order.
 *
 * @throws Error when a doc comment has an example that is not a block of code, or documents nothing
 */
export function readExamples(file: string, text: string): Example[] {
  return [...text.matchAll(COMMENT)].flatMap((comment) => {
    const lines = comment[0].split('\n').map((line) => line.replace(/^\s*\* ?/, ''))
    const prose = lines.join('\n')
    const blocks = [...prose.matchAll(CODE)]
    const line = text.slice(0, comment.index).split('\n').length
    if (prose.split('@example').length - 1 !== blocks.length)
      throw new Error(`${file}:${line}: an @example is not a block of code`)
    return blocks.map((block) => {
      const [, exported, member] =
        DECLARED.exec(text.slice(comment.index + comment[0].length)) ?? []
      const declared = exported ?? member
      if (declared === undefined) throw new Error(`${file}:${line}: an @example of nothing`)
      const before = prose.slice(0, block.index + '@example\n```ts\n'.length)
      return {
        name: `${/^packages\/([^/]+)\//.exec(file)?.[1]}/${declared}`,
        place: `${file}:${line + before.split('\n').length - 1}`,
        language: block[1] ?? '',
        code: block[2] ?? '',
      }
    })
  })
}
