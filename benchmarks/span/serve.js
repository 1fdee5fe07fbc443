import { ROOT_CONTEXT, SpanKind, trace } from '@opentelemetry/api'

const CALLERS = 512

/** Callers are many, and a text that recurs is another one each time, as one read from a socket is. */
const callers = Array.from({ length: CALLERS }, (_, index) => ({
  context: trace.setSpanContext(ROOT_CONTEXT, {
    traceId: `0af7651916cd43dd8448eb21${String(index).padStart(8, '1')}`,
    spanId: `b7ad6b71${String(index).padStart(8, '1')}`,
    traceFlags: 1,
    isRemote: true,
  }),
  host: textOf('shop.example.com'),
  address: textOf('203.0.113.9'),
  peer: textOf('10.1.2.3'),
  agent: textOf('Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/142.0.0.0'),
  tenant: textOf('acme'),
}))

function textOf(text) {
  return Buffer.from(text).latin1Slice()
}

/** A SERVER span as a web framework makes it. */
export function serve(tracer, index) {
  const caller = callers[index % CALLERS]
  const attributes = {
    'http.request.method': 'GET',
    'url.scheme': 'https',
    'url.path': `/users/${index}`,
    'server.address': caller.host,
    'server.port': 443,
    'client.address': caller.address,
    'network.peer.address': caller.peer,
    'network.peer.port': 40_000 + (index % 1000),
    'network.protocol.version': '1.1',
    'user_agent.original': caller.agent,
    'tenant.id': caller.tenant,
  }
  const span = tracer.startSpan('GET', { kind: SpanKind.SERVER, attributes }, caller.context)
  span.setAttribute('http.route', '/users/:id')
  span.updateName('GET /users/:id')
  span.setAttribute('http.response.status_code', 200)
  span.end()
}
