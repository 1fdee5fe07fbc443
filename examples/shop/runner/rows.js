import { childrenOf, rootsOf } from './chain.js'

/** @typedef {import('./spans.js').Span} Span */

/**
 * @typedef {object} Row
 * @property {Span} span
 * @property {string} lead the branch of the tree that leads to it
 * @property {string} below the branch that goes on under it
 * @property {string} name
 * @property {string} mark why to look here; empty for most
 * @property {'slow' | 'broken' | ''} trouble
 * @property {string[]} notes lines to print under it
 */

/**
 * A chain as rows of a tree, parents before their children.
 * @param {Span[]} spans
 * @param {{ slow: Span | undefined, broken: Set<Span> }} marks
 * @returns {Row[]}
 */
export function rowsOf(spans, marks) {
  /** @type {(span: Span, lead: string, below: string) => Row[]} */
  const walk = (span, lead, below) => {
    const children = childrenOf(spans, span)
    const under = children.flatMap((child, index) =>
      index < children.length - 1
        ? walk(child, `${below}├ `, `${below}│ `)
        : walk(child, `${below}└ `, `${below}  `),
    )
    const name = nameOf(span, children)
    return [{ span, lead, below, name, ...trouble(span, marks) }, ...under]
  }
  return rootsOf(spans).flatMap((root) => walk(root, '', ''))
}

/**
 * A call is named by whom it reached.
 * @param {Span} span
 * @param {Span[]} children
 */
function nameOf(span, children) {
  const method = span.attributes['http.request.method']
  if (span.kind !== 'client' || !method) return span.name
  const reached = children.find((child) => child.kind === 'server')?.service
  return `${method} → ${reached ?? span.attributes['server.address'] ?? '?'}`
}

/**
 * @param {Span} span
 * @param {{ slow: Span | undefined, broken: Set<Span> }} marks
 * @returns {Pick<Row, 'mark' | 'trouble' | 'notes'>}
 */
function trouble(span, { slow, broken }) {
  const statement = String(span.attributes['db.query.text'] ?? '')
  if (broken.has(span)) {
    const mark = `✖ ${span.attributes['error.type'] ?? 'failed'}`
    return { mark, trouble: 'broken', notes: [statement, span.message].filter(Boolean) }
  }
  if (span === slow) return { mark: '◀ slow', trouble: 'slow', notes: [statement].filter(Boolean) }
  return { mark: '', trouble: '', notes: [] }
}
