// Just enough protobuf to write spans as an exporter sends them.

/** @param {number} number */
function varint(number) {
  const bytes = []
  let rest = number
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) | 0x80)
    rest = Math.floor(rest / 0x80)
  }
  bytes.push(rest)
  return Buffer.from(bytes)
}

/** @param {number} field @param {Buffer | string} value */
function bytes(field, value) {
  const body = Buffer.from(value)
  return Buffer.concat([varint((field << 3) | 2), varint(body.length), body])
}

/** @param {number} field @param {number} value */
function number(field, value) {
  return Buffer.concat([varint(field << 3), varint(value)])
}

/** @param {number} field @param {bigint} value */
function fixed64(field, value) {
  const body = Buffer.alloc(8)
  body.writeBigUInt64LE(value)
  return Buffer.concat([varint((field << 3) | 1), body])
}

/** @param {number} field @param {Record<string, string | number>} attributes */
function attributes(field, attributes) {
  return Buffer.concat(
    Object.entries(attributes).map(([key, value]) => {
      const any = typeof value === 'number' ? number(3, value) : bytes(1, value)
      return bytes(field, Buffer.concat([bytes(1, key), bytes(2, any)]))
    }),
  )
}

/**
 * @param {{ trace: string, id: string, parent?: string, name: string, kind: number, start: bigint,
 *   end: bigint, error: boolean, attributes: Record<string, string | number> }} span
 */
export function encodeSpan(span) {
  return Buffer.concat([
    bytes(1, Buffer.from(span.trace, 'hex')),
    bytes(2, Buffer.from(span.id, 'hex')),
    span.parent ? bytes(4, Buffer.from(span.parent, 'hex')) : Buffer.alloc(0),
    bytes(5, span.name),
    number(6, span.kind),
    fixed64(7, span.start),
    fixed64(8, span.end),
    attributes(9, span.attributes),
    bytes(15, span.error ? number(3, 2) : Buffer.alloc(0)),
  ])
}

/** @param {string} service @param {Buffer[]} spans */
export function encodeRequest(service, spans) {
  const resource = attributes(1, {
    'service.name': service,
    'service.instance.id': '7d5a3f6e-1c02-4c4e-9a1d-2f0e5f9b6a11',
    'telemetry.sdk.name': 'opentelemetry',
    'telemetry.sdk.language': 'nodejs',
    'telemetry.sdk.version': '2.12.1',
  })
  const scope = bytes(1, Buffer.concat([bytes(1, '@callchain/core'), bytes(2, '0.1.0')]))
  const list = Buffer.concat(spans.map((span) => bytes(2, span)))
  return bytes(1, Buffer.concat([bytes(1, resource), bytes(2, Buffer.concat([scope, list]))]))
}
