import type { Context } from '@opentelemetry/api'
import { OTHER_METHOD } from '../http/known-methods.ts'
import type { HttpServerRequest } from '../http/server-exchange.ts'
import type { HeaderFormat } from '../propagation/header-format.ts'
import { extractForeign } from '../propagation/incoming-trace.ts'
import { decideTrust } from '../trust/trust.ts'
import { type Arrival, isUnkept, readReceived, readRemote } from './arrival.ts'
import { serverInstruments } from './metrics.ts'
import type { ServerSettings } from './settings.ts'

/** What is worked out about a request before its span is there. */
export interface IncomingRequest extends Arrival {
  readonly settings: ServerSettings
  readonly request: HttpServerRequest
  /** The method as spans and metrics carry it. */
  readonly method: string
  /** The scheme that the caller used, as far as proxies of ours say it. */
  readonly scheme: string
}

/** Reads a request's headers, as far as its caller is trusted. */
export function readIncomingRequest(
  settings: ServerSettings,
  format: HeaderFormat,
  request: HttpServerRequest,
  active: Context,
): IncomingRequest {
  const decision = decideTrust(settings.trust, request)
  const { foreign, trace: reads } = format
  const extracted =
    reads && foreign !== undefined ? extractForeign(foreign, request, active) : undefined
  const remote = readRemote(request, format, extracted)
  const isPassedOn = decision.caller === 'internal' && isUnkept(settings, remote)
  // Where nobody counts what is dropped, nobody can tell when it was.
  const isLate = isPassedOn && serverInstruments() === undefined
  return {
    settings,
    request,
    active,
    // What a caller on the edge sent is evidence, not instruction: its span alone is read.
    extracted: decision.caller === 'internal' ? extracted : undefined,
    method: settings.knownMethods.has(request.method) ? request.method : OTHER_METHOD,
    scheme: decision.forwarding?.scheme ?? request.scheme,
    decision,
    remote,
    isPassedOn,
    received: readReceived(request, decision.caller, format, isLate),
  }
}
