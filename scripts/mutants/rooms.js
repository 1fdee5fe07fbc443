import { answer } from './answer.js'
import { arrival } from './arrival.js'
import { collector } from './collector.js'
import { context } from './context.js'
import { format } from './format.js'
import { forwarded } from './forwarded.js'
import { hosts } from './hosts.js'
import { identity } from './identity.js'
import { identityValues } from './identity-values.js'
import { incoming } from './incoming.js'
import { koa } from './koa.js'
import { outgoing } from './outgoing.js'
import { passedOn } from './passed-on.js'
import { recorder } from './recorder.js'
import { sdk } from './sdk.js'
import { server } from './server.js'
import { trust } from './trust.js'
import { parties, statements, unread } from './viewer.js'
import { pieces, untimed } from './zipkin.js'

/** Every mutant, by what it breaks, with the suites that could see it. */
export const rooms = [
  ...[server, answer, arrival, format, incoming, outgoing, passedOn, trust, forwarded, hosts],
  ...[identity, identityValues, context],
  ...[koa, sdk, collector, recorder],
  ...[statements, parties, unread, untimed, pieces],
]
