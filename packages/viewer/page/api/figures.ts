/** The figures of operations and of the map. */

export interface Operation {
  service: string
  name: string
  kind: string
  type: string
  count: number
  rate: number
  errors: number
  errorRate: number
  p50: number
  p95: number
  p99: number
  max: number
  total: number
  slowest: { trace: string; span: string }
  buckets: number[]
  q: string
}

export interface OperationsAnswer {
  operations: Operation[]
  more: number
  seconds: number
}

export interface MapNumbers {
  calls: number
  rate: number
  errors: number
  errorRate: number
  p50: number
  p95: number
  q: string
}

export interface MapNode extends MapNumbers {
  id: string
  type: string
  name: string
  system?: string
}

export interface MapEdge extends MapNumbers {
  from: string
  to: string
  async: boolean
  sample?: string
}

export interface ServiceMap {
  nodes: MapNode[]
  edges: MapEdge[]
  seconds: number
  traces: number
}
