import { answer } from './answer.js'
import { arrival } from './arrival.js'
import { context } from './context.js'
import { hosts } from './hosts.js'
import { identity } from './identity.js'
import { incoming } from './incoming.js'
import { outgoing } from './outgoing.js'
import { server } from './server.js'
import { trust } from './trust.js'

/** Every mutant, by the room it is planted in, with the suites that could see it. */
export const rooms = [server, answer, arrival, incoming, outgoing, trust, hosts, identity, context]
