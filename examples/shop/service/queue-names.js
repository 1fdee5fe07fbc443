/** The queue of accepted orders that are to be shipped. */
export const shipments = 'shipments'

/** The schema of Postgres that the queue has for itself. */
export const queueSchema = 'callchain_queue'
