const { ROOT_CONTEXT, SpanKind, context, propagation, trace } = require('@opentelemetry/api')
const { startOpenTelemetry } = require('../open-telemetry.cjs')

/** The least that traces a request on the OpenTelemetry SDK: one span with method, route, status. */
exports.start = ({ framework, collector }) => startOn(startOpenTelemetry(collector), framework)

/** The same on a provider that is there already. */
exports.startOn = startOn

function startOn(provider, framework) {
  const tracer = trace.getTracer('minimum')
  return { middleware: middlewares[framework](tracer), flush: () => provider.forceFlush() }
}

const middlewares = {
  express: (tracer) => (request, response, next) => {
    const { span, active } = begin(tracer, request)
    response.once('close', () => end(span, request, request.route?.path, response.statusCode))
    context.with(active, next)
  },

  node: (tracer) => (listener) => (request, response) => {
    const { span, active } = begin(tracer, request)
    response.once('close', () => end(span, request, '/users/:id', response.statusCode))
    context.with(active, listener, undefined, request, response)
  },

  hono: (tracer) => async (c, next) => {
    const { incoming, outgoing } = c.env
    const { span, active } = begin(tracer, incoming)
    outgoing.once('close', () => end(span, incoming, '/users/:id', outgoing.statusCode))
    await context.with(active, next)
  },

  nest: (tracer) => ({ middleware: middlewares.express(tracer) }),

  koa: (tracer) => async (ctx, next) => {
    const { span, active } = begin(tracer, ctx.req)
    ctx.res.once('close', () => end(span, ctx.req, ctx._matchedRoute, ctx.res.statusCode))
    await context.with(active, next)
  },

  fastify: (tracer) => {
    const spans = new WeakMap()
    const plugin = async (app) => {
      app.addHook('onRequest', (request, _reply, done) => {
        const { span, active } = begin(tracer, request.raw)
        spans.set(request, span)
        context.with(active, done)
      })
      app.addHook('onResponse', (request, reply, done) => {
        end(spans.get(request), request.raw, request.routeOptions.url, reply.statusCode)
        done()
      })
    }
    return Object.assign(plugin, { [Symbol.for('skip-override')]: true })
  },
}

function begin(tracer, request) {
  const parent = propagation.extract(ROOT_CONTEXT, request.headers)
  const attributes = { 'http.request.method': request.method }
  const span = tracer.startSpan(request.method, { kind: SpanKind.SERVER, attributes }, parent)
  return { span, active: trace.setSpan(parent, span) }
}

function end(span, request, route, status) {
  span.updateName(`${request.method} ${route}`)
  span.setAttribute('http.route', route)
  span.setAttribute('http.response.status_code', status)
  span.end()
}
