/**
 * W3C Trace Context Level 2, sections "traceparent Header" and "Versioning of traceparent", read
 * as slowly and literally as a regular expression can.
 */
export function readTraceparent(
  header: string,
): { traceId: string; spanId: string; traceFlags: number; isRemote: true } | undefined {
  const value = header.replace(/^[ \t]+/, '').replace(/(?<![ \t])[ \t]+$/, '')
  const fields = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/s.exec(value)
  const [, version = 'ff', traceId = '', spanId = '', flags = '', rest] = fields ?? []
  if (version === 'ff') return undefined
  if (version === '00' && rest !== undefined) return undefined
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined
  const known = version === '00' ? 0b11 : 0b01
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & known, isRemote: true }
}
