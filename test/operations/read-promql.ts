import { parser } from '@prometheus-io/lezer-promql'

/** What an expression asks of Prometheus. */
export interface PromqlUse {
  /** Each metric with the labels that are compared, and those that results are grouped by. */
  readonly metrics: readonly { readonly name: string; readonly labels: readonly string[] }[]
}

/**
 * Parses an expression with Prometheus' own grammar.
 *
 * @throws Error that says where it is not PromQL
 */
export function readPromql(expression: string): PromqlUse {
  const tree = parser.parse(expression)
  const names: string[] = []
  const labels: string[] = []
  tree.iterate({
    enter({ type, from, to, node }) {
      const text = expression.slice(from, to)
      if (type.isError) throw new Error(`not PromQL at ${from}: ${expression}`)
      if (type.name === 'Identifier' && node.parent?.name === 'VectorSelector') names.push(text)
      if (type.name === 'LabelName') labels.push(text)
    },
  })
  return { metrics: names.map((name) => ({ name, labels })) }
}
