// A server of Postgres in the process of its client: five rows for whatever it is asked.
const { MemorySocket } = require('./sockets.cjs')

const INT4 = 23
const TEXT = 25

const message = (type, ...parts) => {
  const body = Buffer.concat(parts)
  const head = Buffer.alloc(5)
  head.write(type)
  head.writeInt32BE(body.length + 4, 1)
  return Buffer.concat([head, body])
}
const int16 = (value) => {
  const bytes = Buffer.alloc(2)
  bytes.writeInt16BE(value)
  return bytes
}
const int32 = (value) => {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}
const text = (value) => Buffer.from(`${value}\0`)

const column = (name, type) => [
  text(name),
  int32(0),
  int16(0),
  int32(type),
  int16(-1),
  int32(-1),
  int16(0),
]
const row = (...values) =>
  message(
    'D',
    int16(values.length),
    ...values.flatMap((value) => [int32(value.length), Buffer.from(value)]),
  )

const ready = message('Z', Buffer.from('I'))
const welcome = Buffer.concat([message('R', int32(0)), ready])
const rows = Array.from({ length: 5 }, (_, at) => row(String(at), `item ${at}`, `${at * 10}`))
const result = Buffer.concat([
  message('1'),
  message('2'),
  message('T', int16(3), ...column('id', INT4), ...column('name', TEXT), ...column('price', INT4)),
  ...rows,
  message('C', text('SELECT 5')),
  ready,
])
const SYNC = Buffer.from([0x53, 0, 0, 0, 4])

/** The option `stream` of pg. */
exports.postgresStream = () => {
  let isWelcome = false
  return new MemorySocket((chunk) => {
    if (!isWelcome) {
      isWelcome = true
      return welcome
    }
    return chunk.subarray(-5).equals(SYNC) ? result : undefined
  })
}
