import { isTraced, markTraced, overrideMethod } from '../driver/traced.ts'
import type { SqlTracer } from '../sql/tracer.ts'
import { traceSource } from './pool.ts'
import type { MysqlPoolCluster, MysqlSource } from './types.ts'

/** Traces the statements of a cluster of pools: of its namespaces and the connections they hand out. */
export function tracePoolCluster(cluster: MysqlPoolCluster, tracer: SqlTracer): void {
  if (isTraced(cluster)) return
  markTraced(cluster)
  // Which pool a statement goes to is known only once there is a connection.
  const traceNamespace = (namespace: MysqlSource): void =>
    traceSource(namespace, tracer, () => ({}))
  for (const namespace of Object.values(cluster._namespaces ?? {})) traceNamespace(namespace)
  const { of } = cluster
  overrideMethod(cluster, 'of', (...args: unknown[]): unknown => {
    const namespace = of.apply(cluster, args)
    traceNamespace(namespace as MysqlSource)
    return namespace
  })
}
