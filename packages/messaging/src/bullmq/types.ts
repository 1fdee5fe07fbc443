/** What we need of a Queue of BullMQ. */
export interface BullQueue {
  readonly name: string
  readonly opts?: BullOptions
  add(name: string, data: unknown, opts?: BullJobOptions): Promise<BullJob>
  addBulk(jobs: readonly BullJobSpec[]): Promise<BullJob[]>
  upsertJobScheduler?(
    id: string,
    repeat: unknown,
    template?: { name?: string; data?: unknown; opts?: BullJobOptions },
  ): Promise<BullJob | undefined>
}

/** What we need of a Worker. */
export interface BullWorker {
  readonly name: string
  readonly opts?: BullOptions
  /** There for a processor in a file of its own, which runs in another process or thread. */
  readonly childPool?: unknown
  processFn: (job: BullJob, ...rest: unknown[]) => unknown
}

/** What we need of a FlowProducer. */
export interface BullFlowProducer {
  readonly opts?: BullOptions
  add(flow: BullFlow, opts?: unknown): Promise<unknown>
  addBulk(flows: readonly BullFlow[]): Promise<unknown>
}

/** A job that is to be added. */
export interface BullJobSpec {
  readonly name: string
  readonly data?: unknown
  readonly opts?: BullJobOptions
}

/** A job with those it waits for. */
export interface BullFlow extends BullJobSpec {
  readonly queueName: string
  readonly children?: readonly BullFlow[]
}

/** The options of a job, with the place that BullMQ has for the headers of tracing. */
export interface BullJobOptions {
  readonly telemetry?: { readonly metadata?: unknown; readonly omitContext?: boolean }
  readonly repeat?: unknown
  readonly jobId?: string
}

/** A job, as a processor gets it. */
export interface BullJob {
  readonly id?: string | undefined
  readonly queueName?: string
  readonly opts?: BullJobOptions
  readonly timestamp?: number
  readonly attemptsMade?: number
  readonly attemptsStarted?: number
  readonly stalledCounter?: number
  readonly repeatJobKey?: string | undefined
}

interface BullOptions {
  readonly connection?: unknown
  readonly telemetry?: unknown
}
