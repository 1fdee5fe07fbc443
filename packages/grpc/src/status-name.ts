import { status } from '@grpc/grpc-js'

/** The name of a status code, as spans have it: `NOT_FOUND`; a code without a name is its digits. */
export function statusName(code: number): string {
  return status[code] ?? String(code)
}
