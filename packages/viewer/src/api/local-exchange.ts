import type { LocalPath, ParametersOf } from '../contract/local-api.ts'
import type { StreamParameters } from '../contract/stream.ts'
import type { QueryString } from '../http/parameters.ts'
import type { Exchange } from '../ingest/viewer-state.ts'

/** A request for a path of the contract, of which only the contract's parameters can be read. */
export type LocalExchange<Path extends LocalPath> = Omit<Exchange, 'parameters'> & {
  readonly parameters: QueryString<keyof ParametersOf<Path> & string>
}

/** A request for the stream, of which only its own parameters can be read. */
export type StreamExchange = Omit<Exchange, 'parameters'> & {
  readonly parameters: QueryString<keyof StreamParameters>
}
