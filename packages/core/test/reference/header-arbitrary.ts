import fc from 'fast-check'

/** Text out of the given pieces with any other character between them now and then. */
export function textOf(pieces: readonly string[], maxLength: number): fc.Arbitrary<string> {
  const piece = fc.oneof(
    { weight: 20, arbitrary: fc.constantFrom(...pieces) },
    { weight: 1, arbitrary: fc.nat(0x2ff).map((code) => String.fromCharCode(code)) },
  )
  return fc.array(piece, { maxLength, size: 'max' }).map((parts) => parts.join(''))
}

/** The text with up to two of its characters struck out, replaced or doubled. */
export function almost(text: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const edit = fc.record({ at: fc.nat(), by: fc.constantFrom('', ...' \t-,;=%0aF\u00e9"\\.') })
  return fc.tuple(text, fc.array(edit, { maxLength: 2 })).map(([original, edits]) =>
    edits.reduce((edited, { at, by }) => {
      const position = at % (edited.length + 1)
      return edited.slice(0, position) + by + edited.slice(position + (at % 2))
    }, original),
  )
}
