import { createServer } from 'node:http'
import { ApolloServer } from '@apollo/server'
import { ApolloServer as ApolloServer4 } from '@apollo/server4'
import { expressMiddleware } from '@as-integrations/express5'
import { tracing } from '@callchain/express'
import { apolloTracing } from '@callchain/graphql/apollo'
import { createRecorder } from '@callchain/testing'
import express from 'express'
import { useServer } from 'graphql-ws/use/ws'
import { WebSocketServer } from 'ws'
import { graphqlContract, type Serve } from './graphql-contract.ts'
import { close, listen, subscribeBySocket } from './subscribing.ts'

const serveApollo =
  (Server: typeof ApolloServer): Serve =>
  async (schema, options) => {
    const apollo = new Server({
      schema,
      plugins: [apolloTracing(options)],
      allowBatchedHttpRequests: true,
    })
    await apollo.start()
    const app = express()
    app.use(tracing())
    app.use('/graphql', express.json(), expressMiddleware(apollo))
    const server = createServer(app)
    const sockets = new WebSocketServer({ server, path: '/graphql' })
    const subscriptions = useServer({ schema }, sockets)
    const url = await listen(server)
    return {
      url,
      subscribe: (query) => subscribeBySocket(url, query),
      close: async () => {
        await subscriptions.dispose()
        await apollo.stop()
        await close(server)
      },
    }
  }

graphqlContract('Apollo Server 5', serveApollo(ApolloServer))
graphqlContract('Apollo Server 5, with the spans of the recorder', serveApollo(ApolloServer), () =>
  createRecorder({ provider: 'recorder' }),
)
graphqlContract('Apollo Server 4', serveApollo(ApolloServer4 as unknown as typeof ApolloServer))
