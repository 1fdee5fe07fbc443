import type { ServerTracer } from '@callchain/core'
import { followResponse, openNodeRequest, REQUEST_CONTEXT } from '@callchain/core/internal'
import type { Context } from '@opentelemetry/api'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { createRouted, keepRouted, type RoutedRequest, routedRequest } from './routed-request.ts'

/**
 * Lets Fastify's own lines say their trace. It writes `incoming request` before any hook runs, with
 * the request as a field: a traced logger that finds it there asks it for its context, and that
 * opens the span. Without such a logger nothing happens before the hook.
 */
export function openForLogs(app: FastifyInstance, tracer: ServerTracer): void {
  if (app.hasRequestDecorator(REQUEST_CONTEXT)) return
  app.decorateRequest(REQUEST_CONTEXT, function (this: FastifyRequest): Context | undefined {
    return contextOf(routedRequest(this) ?? open(tracer, this))
  })
  app.decorateReply(REQUEST_CONTEXT, function (this: FastifyReply): Context | undefined {
    const routed = routedRequest(this.request)
    if (routed !== undefined) follow(routed, this)
    return contextOf(routed)
  })
}

function open(tracer: ServerTracer, request: FastifyRequest): RoutedRequest {
  const routed = createRouted(request)
  // Kept first: hooks of the application's may log as well.
  keepRouted(routed)
  routed.opened = openNodeRequest(tracer, request.raw, routed)
  return routed
}

// A hook that ran before ours has answered: then ours never runs, and the span would stay open.
function follow(routed: RoutedRequest, reply: FastifyReply): void {
  if (routed.opened === undefined || routed.reply !== undefined) return
  routed.reply = reply
  followResponse(routed.opened, reply.raw)
}

function contextOf(routed: RoutedRequest | undefined): Context | undefined {
  return (routed?.call ?? routed?.opened?.call)?.context
}
