import type { Attributes } from '@opentelemetry/api'
import { AttributeList } from '../rules/attribute-list.ts'
import { isAnyValue } from '../rules/attribute-rules.ts'
import type { Scope } from './ended-span.ts'
import { ValueEncoder } from './value-encoding.ts'
import { WireWriter } from './wire-writer.ts'

const NO_LIMIT = Number.POSITIVE_INFINITY

/** The fields of ResourceSpans that are not spans. */
export function encodeResource(
  attributes: Attributes | undefined,
  schemaUrl: string | undefined,
): Uint8Array {
  const list = new AttributeList()
  list.setAll(attributes, isAnyValue, NO_LIMIT, NO_LIMIT)
  return written((writer) => {
    writer.tag(0x0a)
    const start = writer.open(NO_LIMIT)
    new ValueEncoder(writer).attributes(list, 0x0a)
    writer.close(start, NO_LIMIT)
    writeSchema(writer, schemaUrl)
  })
}

/** The fields of ScopeSpans that are not spans. */
export function encodeScope({ name, version, schemaUrl }: Scope): Uint8Array {
  const most = 3 * (name.length + (version?.length ?? 0)) + 16
  return written((writer) => {
    writer.tag(0x0a)
    const start = writer.open(most)
    writer.tag(0x0a)
    writer.text(name)
    if (version) {
      writer.tag(0x12)
      writer.text(version)
    }
    writer.close(start, most)
    writeSchema(writer, schemaUrl)
  })
}

function written(write: (writer: WireWriter) => void): Uint8Array {
  const writer = new WireWriter()
  write(writer)
  return writer.copyFrom(0)
}

/** The schema's URL, which has the same number in ResourceSpans and in ScopeSpans. */
function writeSchema(writer: WireWriter, schemaUrl: string | undefined): void {
  if (!schemaUrl) return
  writer.tag(0x1a)
  writer.text(schemaUrl)
}
