/** A message that is sent. */
export interface KafkaMessage {
  readonly value?: unknown
  readonly key?: unknown
  readonly headers?: Readonly<Record<string, unknown>> | undefined
}

/** What `producer.send` takes. */
export interface KafkaRecord {
  readonly topic: string
  readonly messages: readonly KafkaMessage[]
}

/** What `producer.sendBatch` takes. */
export interface KafkaBatch {
  readonly topicMessages?: readonly KafkaRecord[]
}

/** What sends: a producer, or a transaction of one. */
export interface KafkaSender {
  send(record: KafkaRecord): Promise<unknown>
  sendBatch(batch: KafkaBatch): Promise<unknown>
  transaction?(...args: unknown[]): Promise<KafkaSender>
}

/** A message that came in. */
export interface ReceivedKafkaMessage {
  readonly headers?: Readonly<Record<string, unknown>> | undefined
  readonly offset?: unknown
  readonly timestamp?: unknown
  readonly value?: unknown
}

/** What `eachMessage` gets. */
export interface EachMessagePayload {
  readonly topic: string
  readonly partition: number
  readonly message: ReceivedKafkaMessage
}

/** What `eachBatch` gets. */
export interface EachBatchPayload {
  readonly batch: {
    readonly topic: string
    readonly partition: number
    readonly messages: readonly ReceivedKafkaMessage[]
  }
}

/** What `consumer.run` takes. */
export interface RunConfig {
  readonly eachMessage?: (payload: EachMessagePayload) => unknown
  readonly eachBatch?: (payload: EachBatchPayload) => unknown
}

/** What consumes. */
export interface KafkaConsumer {
  run(config?: RunConfig): Promise<unknown>
  on?(event: string, listener: (event: { payload?: { groupId?: unknown } }) => void): unknown
  readonly events?: { readonly GROUP_JOIN?: string }
}
