import { hostOf, isCall } from './chain-line.ts'
import type { ChainSpan } from './chain-span.ts'
import type { Marks } from './chain-text.ts'
import type { Chain, DrawnChain } from './make-chain.ts'
import { difference, linesOf } from './tree-difference.ts'
import { isSame } from './wanted-span.ts'

/** The answer to a question about a chain. */
export interface CheckResult {
  readonly pass: boolean
  /** What was wanted and what there is, with the chain drawn and the guilty lines marked. */
  readonly message: () => string
}

/** How often something may be: exactly, or within bounds. */
export type Count = number | { readonly min?: number; readonly max?: number }

/** Whether the chain runs so many statements. */
export function runsStatements(chain: Chain, count: Count): CheckResult {
  return counted(chain, count, 'statement', chain.spans.filter(isStatement))
}

/** Whether the chain calls other services so many times, or one host of them. */
export function makesCalls(chain: Chain, count: Count, host?: string): CheckResult {
  const calls = chain.spans.filter(
    (span) => isCall(span) && (host === undefined || hostOf(span) === host),
  )
  return counted(chain, count, host === undefined ? 'call' : `call to ${host}`, calls)
}

/** Whether a statement is run `from` times or more below one parent; those in `allow` may be. */
export function repeatsStatements(
  chain: Chain,
  {
    from,
    allow = [],
  }: { readonly from?: number; readonly allow?: readonly (string | RegExp)[] } = {},
): CheckResult {
  const repeated = chain.repeated(from).filter(({ statement }) => !isAllowed(statement, allow))
  const marks = new Map<string, string>()
  for (const { spans } of repeated)
    for (const id of spans) marks.set(id, mark(`the same statement ${spans.length} times`))
  const said = repeated.map(({ statement, spans }) => `${spans.length} times: ${statement}`)
  return result(repeated.length > 0, chain, marks, {
    wanted: 'to run no statement again and again below one parent',
    not: 'to run a statement again and again below one parent',
    ...(said.length === 0 ? {} : { found: said.join('\n') }),
  })
}

/** Whether every call goes to one of the hosts; this machine is `localhost`. */
export function callsOnly(chain: Chain, hosts: readonly string[]): CheckResult {
  const others = chain.spans.filter((span) => isCall(span) && !hosts.includes(hostOf(span)))
  const list = hosts.length === 0 ? 'nobody' : `only ${hosts.join(', ')}`
  return result(others.length === 0, chain, marked(others, 'not in the list'), {
    wanted: `to call ${list}`,
    found: `it calls ${[...new Set(others.map(hostOf))].join(', ')}`,
  })
}

/** Whether every SERVER and CONSUMER span has these attributes; `undefined` for one that it must not have. */
export function carries(chain: Chain, attributes: Readonly<Record<string, unknown>>): CheckResult {
  const entries = chain.spans.filter(({ kind }) => kind === 'server' || kind === 'consumer')
  const marks = new Map<string, string>()
  for (const span of entries) {
    const wrong = Object.entries(attributes).filter(
      ([key, value]) => !isSame(span.attributes[key], value),
    )
    if (wrong.length === 0) continue
    const said = wrong.map(
      ([key]) => `${key}: ${JSON.stringify(span.attributes[key]) ?? 'missing'}`,
    )
    marks.set(span.id, mark(said.join(', ')))
  }
  return result(entries.length > 0 && marks.size === 0, chain, marks, {
    wanted: `to have ${JSON.stringify(attributes)} on every SERVER and CONSUMER span`,
    ...(entries.length === 0 ? { found: 'it has no such span' } : {}),
  })
}

/** Whether a span of the chain failed. */
export function hasErrors(chain: Chain): CheckResult {
  const failed = chain.spans.filter(({ status }) => status === 'error')
  return result(failed.length > 0, chain, marked(failed, 'failed'), {
    wanted: 'to have no failed span',
    not: 'to have a failed span',
  })
}

/** Whether the chain looks like this tree of text; indentation in common and empty lines do not count. */
export function matchesTree(chain: Chain, tree: string): CheckResult {
  const [wanted, found] = [linesOf(tree), linesOf(String(chain))]
  return {
    pass: wanted.join('\n') === found.join('\n'),
    message: () =>
      `expected the chain to match the tree (- wanted, + found):\n\n${difference(wanted, found)}`,
  }
}

function isStatement({ statement }: ChainSpan): boolean {
  return statement !== ''
}

function counted(
  chain: Chain,
  count: Count,
  what: string,
  spans: readonly ChainSpan[],
): CheckResult {
  const { min = 0, max = Number.POSITIVE_INFINITY } =
    typeof count === 'number' ? { min: count, max: count } : count
  const numbers = new Map(spans.map((span, index) => [span.id, mark(`${index + 1}`)]))
  return result(spans.length >= min && spans.length <= max, chain, numbers, {
    wanted: `to have ${boundsOf(min, max)} ${what}${max === 1 ? '' : 's'}`,
    found: `it has ${spans.length}`,
  })
}

function boundsOf(min: number, max: number): string {
  if (min === max) return String(min)
  if (max === Number.POSITIVE_INFINITY) return `at least ${min}`
  return min === 0 ? `at most ${max}` : `${min} to ${max}`
}

interface Said {
  /** Finishes "expected the chain …". */
  readonly wanted: string
  /** The same where the opposite was wanted. Default: "not" and the first. */
  readonly not?: string
  readonly found?: string
}

function result(pass: boolean, chain: Chain, marks: Marks, said: Said): CheckResult {
  const isNegative = said.not !== undefined
  return {
    pass,
    message: () => {
      // What is asked of a fault is asked to be false, as in `.not.toHaveErrors()`.
      const opposite = isNegative
        ? pass
          ? said.wanted
          : said.not
        : pass
          ? `not ${said.wanted}`
          : said.wanted
      const found = said.found === undefined ? '' : `${isNegative ? ':\n' : '; '}${said.found}`
      return `expected the chain ${opposite}${found}\n\n${drawn(chain, marks)}${hint(chain)}`
    },
  }
}

function drawn(chain: Chain, marks: Marks): string {
  return (chain as DrawnChain).draw(marks)
}

function hint({ spans }: Chain): string {
  if (spans.length > 0) return ''
  return '\n\nNothing of it was traced. Most test clients send no trace context by themselves: hand it on, as in\nchain(({ headers }) => request(app).get("/").set(headers)), and see that the application has the middleware.'
}

function marked(spans: readonly ChainSpan[], text: string): Marks {
  return new Map(spans.map(({ id }) => [id, mark(text)]))
}

function mark(text: string): string {
  return `   ◀ ${text}`
}

function isAllowed(statement: string, allow: readonly (string | RegExp)[]): boolean {
  return allow.some((each) =>
    typeof each === 'string'
      ? statement.includes(each.toLowerCase())
      : new RegExp(each.source, each.flags.replace('g', '')).test(statement),
  )
}
