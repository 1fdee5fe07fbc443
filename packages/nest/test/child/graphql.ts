// An application of Nest with GraphQL by Apollo; prints what each operation left behind.
import 'reflect-metadata'
import { currentTrace, tenant } from '@callchain/core'
import { tracing as expressTracing } from '@callchain/express'
import { tracing as fastifyTracing } from '@callchain/fastify'
import { apolloTracing } from '@callchain/graphql/apollo'
import { TracingModule } from '@callchain/nest'
import { createRecorder } from '@callchain/testing'
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo'
import { type CanActivate, Module, UseGuards } from '@nestjs/common'
import { type AbstractHttpAdapter, NestFactory } from '@nestjs/core'
import { GraphQLModule, Query, Resolver } from '@nestjs/graphql'
import { ExpressAdapter } from '@nestjs/platform-express'
import { FastifyAdapter } from '@nestjs/platform-fastify'
import { decorate } from './decorate.ts'
import { printSpans } from './print.ts'

const platform = process.argv[2]
const recorder = createRecorder()
let seen: Record<string, unknown> = {}
const see = (where: string): void => {
  seen[where] = { trace: currentTrace()?.traceId, tenant: tenant.get() }
}

class OutOfStock extends Error {}

class Guard implements CanActivate {
  async canActivate(): Promise<boolean> {
    await Promise.resolve()
    see('guard')
    return tenant.set('acme')
  }
}

class Stock {
  async item(): Promise<string> {
    await Promise.resolve()
    see('resolver')
    return 'lamp'
  }
  lost(): string {
    throw new OutOfStock('none left')
  }
}
decorate(Stock, 'item', Query('item') as MethodDecorator)
decorate(Stock, 'lost', Query('lost') as MethodDecorator)
UseGuards(Guard)(Stock)
Resolver()(Stock)

class AppModule {}
Module({
  imports: [
    platform === 'express' ? TracingModule.forRoot(expressTracing) : TracingModule.forRoot(),
    GraphQLModule.forRoot<ApolloDriverConfig>({
      driver: ApolloDriver,
      typeDefs: 'type Query { item: String, lost: String }',
      plugins: [apolloTracing()],
    }),
  ],
  providers: [Stock],
})(AppModule)

async function adapterOf(): Promise<AbstractHttpAdapter> {
  if (platform === 'express') return new ExpressAdapter()
  const adapter = new FastifyAdapter()
  await adapter.register(fastifyTracing as never)
  return adapter as unknown as AbstractHttpAdapter
}

const app = await NestFactory.create(AppModule, await adapterOf(), { logger: false })
await app.listen(0, '127.0.0.1')

for (const [path, query] of [
  ['item', 'query Mine { item }'],
  ['lost', '{ item lost }'],
  ['invalid', '{ nothing }'],
]) {
  seen = {}
  recorder.reset()
  const answered = await fetch(`${await app.getUrl()}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  })
  const answer = await answered.json()
  await recorder.waitFor((spans) => spans.some(({ kind }) => kind === 1), { timeout: 3_000 })
  printSpans(recorder, { path, status: answered.status, answer, seen })
}
await app.close()
await recorder.shutdown()
