const VARIABLES = /(?<=^|\. )(?:`(?:OTEL|CALLCHAIN)_[A-Z_*]+`(?:, )?)+\./
const TAG = /^@(?=(?:throws|returns|example)\b)/m
const LITERAL = /^(?:true|false|\d+|'[^']+'|\[[^\]]+\])(?=$|[ ;,])/

/** The parts of a doc comment: prose, default, environment variables, what it throws, examples. */
export function readComment(comment) {
  const [prose = '', ...tags] = comment.split(TAG)
  const unwrapped = unwrap(prose)
  const at = unwrapped.search(/(?:^|(?<=\s))Default: /)
  const before = at < 0 ? unwrapped : unwrapped.slice(0, at)
  const byDefault = at < 0 ? undefined : unwrapped.slice(at + 'Default: '.length)
  const variables = VARIABLES.exec(before)?.[0]
  const tagged = (name) =>
    tags.filter((tag) => tag.startsWith(name)).map((tag) => tag.slice(name.length).trim())
  return {
    text: (variables ? before.replace(variables, '') : before).replace(/ {2,}/g, ' ').trim(),
    byDefault: byDefault?.replace(/\.$/, '').replace(LITERAL, '`$&`'),
    variables: variables?.slice(0, -1),
    throws: tagged('throws').map(unwrap),
    returns: tagged('returns').map(unwrap),
    examples: tagged('example'),
  }
}

/** Paragraphs on one line each: the source wraps them at its own width. */
function unwrap(text) {
  return text
    .trim()
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.replace(/\s*\n\s*/g, ' '))
    .join('\n\n')
}
