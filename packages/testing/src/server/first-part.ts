import type { NodeResponse } from '@callchain/core'
import type { ContractRequest } from './application.ts'

/** The lines of a request for an item. */
export const HEAD: readonly string[] = ['GET /items/7 HTTP/1.1', 'host: shop.example', '', '']

/** Sends the headers and a part of the body, and leaves the rest to the promise. */
export function writeFirstPart(request: ContractRequest): NodeResponse {
  const response = request.takeOver()
  response.writeHead(200, { 'content-type': 'text/plain' })
  ;(response as NodeJS.WritableStream).write('first part')
  return response
}

/** The same, and ends the response as soon as the client has left. */
export function endWhenLeft(request: ContractRequest): void {
  const response = writeFirstPart(request)
  request.raw.once('aborted', () => response.end())
}
