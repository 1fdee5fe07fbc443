import type { Scope } from './ended-span.ts'
import { WireWriter } from './wire-writer.ts'

/** The fields of ScopeSpans that are not spans. */
export function encodeScope({ name, version, schemaUrl }: Scope): Uint8Array {
  const writer = new WireWriter()
  const most = 3 * (name.length + (version?.length ?? 0)) + 16
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
  return Uint8Array.from(writer.written)
}

/** The schema's URL, which has the same number in ResourceSpans and in ScopeSpans. */
export function writeSchema(writer: WireWriter, schemaUrl: string | undefined): void {
  if (!schemaUrl) return
  writer.tag(0x1a)
  writer.text(schemaUrl)
}
