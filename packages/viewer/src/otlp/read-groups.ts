import type { Resource, Scope } from '../model/rows.ts'
import type { DecodeContext, ScopeSource } from './decode-context.ts'
import { readKeyValue, readText } from './read-value.ts'
import { WireReader } from './wire-reader.ts'

/** Reads one Span or LogRecord, whose message begins here. */
export type ReadRecord = (reader: WireReader, resource: Resource, scope: Scope) => void

/**
 * Reads ExportTraceServiceRequest or ExportLogsServiceRequest: their outer messages have the same
 * fields. A resource may come after what belongs to it, so each message is read twice.
 *
 * @throws MalformedError when the bytes are not such a message
 */
export function readGroups(body: Buffer, context: DecodeContext, read: ReadRecord): void {
  context.work.begin()
  const reader = new WireReader(body)
  while (reader.field()) {
    if (reader.tag === 0x0a) readResourceGroup(reader, context, read)
    else reader.skip()
  }
}

function readResourceGroup(reader: WireReader, context: DecodeContext, read: ReadRecord): void {
  context.work.count()
  const outer = reader.enter()
  const start = reader.position
  let resource = context.resource('', () => context.budget.collect())
  while (reader.field()) {
    if (reader.tag === 0x0a) resource = readResource(reader, context)
    else reader.skip()
  }
  reader.position = start
  while (reader.field()) {
    if (reader.tag === 0x12) readScopeGroup(reader, context, resource, read)
    else reader.skip()
  }
  reader.leave(outer)
}

function readScopeGroup(
  reader: WireReader,
  context: DecodeContext,
  resource: Resource,
  read: ReadRecord,
): void {
  context.work.count()
  const outer = reader.enter()
  const start = reader.position
  let scope = context.scope('', () => emptyScope(context))
  while (reader.field()) {
    if (reader.tag === 0x0a) scope = readScope(reader, context)
    else reader.skip()
  }
  reader.position = start
  while (reader.field()) {
    if (reader.tag === 0x12) {
      context.work.count()
      const around = reader.enter()
      read(reader, resource, scope)
      reader.leave(around)
    } else reader.skip()
  }
  reader.leave(outer)
}

function readResource(reader: WireReader, context: DecodeContext): Resource {
  const start = reader.range()
  const end = reader.position
  return context.resource(reader.buffer.toString('latin1', start, end), () => {
    context.budget.reset()
    const attributes = context.budget.collect()
    const inner = new WireReader(reader.buffer, start, end)
    while (inner.field())
      if (inner.tag === 0x0a) readKeyValue(inner, context, attributes)
      else inner.skip()
    return attributes
  })
}

function readScope(reader: WireReader, context: DecodeContext): Scope {
  const start = reader.range()
  const end = reader.position
  return context.scope(reader.buffer.toString('latin1', start, end), () => {
    context.budget.reset()
    const attributes = context.budget.collect()
    const inner = new WireReader(reader.buffer, start, end)
    let name = ''
    let version = ''
    while (inner.field())
      if (inner.tag === 0x0a) name = readText(inner, context)
      else if (inner.tag === 0x12) version = readText(inner, context)
      else if (inner.tag === 0x1a) readKeyValue(inner, context, attributes)
      else inner.skip()
    return { name, version, attributes }
  })
}

function emptyScope(context: DecodeContext): ScopeSource {
  return { name: '', version: '', attributes: context.budget.collect() }
}
