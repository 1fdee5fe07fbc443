/** A term of the query language: `key=value`, quoted when it must be. */
export function term(key: string, value: string | number | boolean): string {
  return `${key}=${quoted(String(value))}`
}

// The keys of the query language: an attribute of such a name, in any case, stands in quotes.
const LANGUAGE =
  /^(?:service|name|kind|id|span|scope|status|dur|duration|self|is|has|calls|event|tenant|user|route|method|sql|db|queue|level|body|trace|trace\.(?:dur|duration|spans|errors|services|repeated|incomplete)|root\.(?:service|name))$/i

/** `key=value` of an attribute, whatever it is called. */
export function attributeTerm(key: string, value: string): string {
  return `${attributeKey(key)}=${quoted(value)}`
}

/** An attribute's key as the query language reads it. */
export function attributeKey(key: string): string {
  const isPlain = /^[\w@$][\w.@$/-]*$/.test(key) && !LANGUAGE.test(key)
  return isPlain ? key : `"${key.replace(/["\\]/g, '\\$&')}"`
}

/** A value as the query language reads it. */
export function quoted(value: string): string {
  if (/^[^\s"!()]+$/.test(value)) return value
  return `"${value.replace(/\\/g, '\\\\').replace(/"/g, '\\"')}"`
}

/** The terms of a query, each as it is written. */
export function splitQuery(query: string): string[] {
  return query.match(/(?:[^\s"]|"(?:[^"\\]|\\.)*"?)+/g) ?? []
}

/** Whether the query has this term. */
export function hasTerm(query: string, wanted: string): boolean {
  return splitQuery(query).includes(wanted)
}

/** The query with the term, or without it when it was there. */
export function toggleTerm(query: string, wanted: string): string {
  const terms = splitQuery(query)
  const rest = terms.filter((each) => each !== wanted)
  return rest.length < terms.length ? joined(rest) : joined(terms, wanted)
}

/** The query in which `key` has this one term alone. */
export function replaceTerm(query: string, key: string, wanted: string): string {
  const rest = splitQuery(query).filter((each) => !isOf(each, key))
  return joined(rest, wanted)
}

/** The terms as a query, with one more: a part of its own where the query has parts. */
function joined(terms: readonly string[], more = ''): string {
  const parts: string[][] = [[]]
  for (const each of terms) {
    if (each === '&&') parts.push([])
    else parts.at(-1)?.push(each)
  }
  const filled = parts.filter(({ length }) => length > 0).map((part) => part.join(' '))
  if (more === '') return filled.join(' && ')
  return filled.length > 1 ? `${filled.join(' && ')} && ${more}` : [...filled, more].join(' ')
}

/** The value that `key=` asks for, '' when it does not. */
export function askedValue(query: string, key: string): string {
  const found = splitQuery(query).find((each) => each.startsWith(`${key}=`))
  const value = found?.slice(key.length + 1) ?? ''
  return value.startsWith('"') ? value.slice(1, -1).replace(/\\(.)/g, '$1') : value
}

function isOf(each: string, key: string): boolean {
  return each.startsWith(key) && /^[=:<>!~]/.test(each.slice(key.length))
}
