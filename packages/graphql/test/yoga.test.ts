import { createServer } from 'node:http'
import { yogaTracing } from '@callchain/graphql/yoga'
import { traceListener } from '@callchain/node'
import { createRecorder } from '@callchain/testing'
import { createYoga } from 'graphql-yoga'
import { createYoga as createYoga5 } from 'graphql-yoga5.0'
import { graphqlContract, type Serve } from './graphql-contract.ts'
import { close, listen, subscribeByEvents } from './subscribing.ts'

const serveYoga =
  (create: typeof createYoga): Serve =>
  async (schema, options) => {
    const yoga = create({
      schema,
      plugins: [yogaTracing(options)],
      batching: true,
      maskedErrors: false,
      logging: false,
    })
    const server = createServer(traceListener(yoga))
    const url = await listen(server)
    return {
      url,
      subscribe: (query) => subscribeByEvents(url, query),
      close: () => close(server),
    }
  }

graphqlContract('Yoga 5', serveYoga(createYoga))
graphqlContract('Yoga 5, with the spans of the recorder', serveYoga(createYoga), () =>
  createRecorder({ provider: 'recorder' }),
)
graphqlContract('Yoga 5.0', serveYoga(createYoga5 as unknown as typeof createYoga))
