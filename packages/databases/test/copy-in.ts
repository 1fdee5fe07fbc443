import { EventEmitter } from 'node:events'

/** What pg gives a query that speaks to the connection itself. */
interface PgConnection {
  query(text: string): void
  sendCopyFromChunk(chunk: Buffer): void
  endCopyFrom(): void
}

/** A `COPY … FROM STDIN` as a stream of COPY does it: pg finds its state on the very object. */
export class CopyIn extends EventEmitter {
  readonly text: string
  readonly #lines: readonly string[]

  constructor(text: string, lines: readonly string[]) {
    super()
    this.text = text
    this.#lines = lines
  }

  // As streams of COPY have it, for the time limit of pg.
  callback(): void {}

  submit(connection: PgConnection): void {
    connection.query(this.text)
  }

  handleCopyInResponse(connection: PgConnection): void {
    for (const line of this.#lines) connection.sendCopyFromChunk(Buffer.from(`${line}\n`))
    connection.endCopyFrom()
  }

  handleCommandComplete(): void {}

  handleReadyForQuery(): void {
    this.emit('finish')
  }

  handleError(error: Error): void {
    this.emit('error', error)
  }
}
