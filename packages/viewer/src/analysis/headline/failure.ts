import type { Headline } from '../../contract/trace-list.ts'
import { attribute, firstAttribute, textOf } from '../../model/attributes.ts'
import { HTTP_STATUS } from '../../model/conventions.ts'
import { ERROR, type SpanRow } from '../../model/rows.ts'
import { factsOf } from '../../trace/trace-facts.ts'
import type { TraceRecord } from '../../trace/trace-record.ts'
import { short, whatOf } from './words.ts'

const DB_STATUS = ['db.response.status_code', 'db.postgresql.error.code', 'db.sqlstate'] as const
const RPC_STATUS = ['rpc.response.status_code', 'rpc.grpc.status_code'] as const
// What only says that something failed.
const SAYS_NOTHING = /^(?:_OTHER|Error|unknown|failed)?$/i

/** What failed, where, and with what; of several, the first. */
export function failureSentence(record: TraceRecord, origin: SpanRow): Headline {
  const { origins, root } = factsOf(record)
  // The whole did not fail: the failure was dealt with on the way, or is of something that nobody waited for.
  const isHandled = root !== undefined && root.status !== ERROR
  const begin = isHandled ? beginOfHandled(root) : 'Failed in'
  const others = origins.size - 1
  const more = others === 0 ? '' : `, and ${others} more`
  const text = `${begin} ${failureText(origin)}${more}`
  return { kind: isHandled ? 'handled' : 'failed', text, span: origin.id }
}

/** Where a span failed, and with what: `inventory: UPDATE shelf (23514: no stock)`. */
export function failureText(origin: SpanRow): string {
  const reason = reasonOf(origin)
  const where = `${short(origin.resource.service, 40)}: ${whatOf(origin)}`
  return reason === '' ? where : `${where} (${reason})`
}

function beginOfHandled(root: SpanRow): string {
  const status = Number(textOf(firstAttribute(root, HTTP_STATUS)))
  return status >= 400 ? `Answered ${status}, with a failure in` : 'Survived a failure in'
}

function reasonOf(span: SpanRow): string {
  const { code, message } = factsOfFailure(span)
  if (code === '') return message
  if (message === '' || message.includes(code)) return message || code
  return `${code}: ${message}`
}

/** What the failure is called, and what it says. */
function factsOfFailure(span: SpanRow): { code: string; message: string } {
  const exception = span.events.findLast(({ name }) => name === 'exception')
  const type = exception && textOf(attribute(exception, 'exception.type'))
  const said = exception && textOf(attribute(exception, 'exception.message'))
  const status = textOf(firstAttribute(span, DB_STATUS) ?? firstAttribute(span, RPC_STATUS))
  const http = textOf(firstAttribute(span, HTTP_STATUS))
  const error = textOf(attribute(span, 'error.type'))
  const code = [status, type, http && `HTTP ${http}`, error].find((word) => isTelling(word)) ?? ''
  const message = [said, span.message].find((word) => isTelling(word)) ?? ''
  return { code: short(code, 40), message: short(message, 100) }
}

function isTelling(word: string | undefined): word is string {
  return word !== undefined && !SAYS_NOTHING.test(word.trim())
}
