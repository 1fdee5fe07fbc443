// Executes as many GraphQL operations as its argument says, in the ways that servers do, good and bad; then
// prints its spans, its warnings, and its heap of the middle and of the end.
import { createRequire } from 'node:module'
import { setImmediate as turn } from 'node:timers/promises'
import { runWithIdentity } from '@callchain/core'
import { traceExecution, traceSchema } from '@callchain/graphql'
import { handledFor, soak, startCounting } from './counting.js'

const fromPackage = createRequire(new URL('../../packages/graphql/package.json', import.meta.url))
const { buildSchema, execute, parse, subscribe } = fromPackage('graphql')

const counts = startCounting()
const schema = buildSchema(`
  type Query { hello: String fails: String throws: String items: [Item] }
  type Item { price: Int }
  type Mutation { rename: String }
  type Subscription { ticks: Int breaks: Int }
`)
const fieldsOf = (type) => schema.getType(type).getFields()
const handled = (_source, _args, { wanted }) => handledFor(counts, wanted)
const fail = () => {
  throw new TypeError('no stock')
}
fieldsOf('Query').hello.resolve = (...given) => {
  handled(...given)
  return 'hello'
}
fieldsOf('Query').fails.resolve = async (...given) => {
  await turn()
  handled(...given)
  fail()
}
fieldsOf('Query').throws.resolve = fail
fieldsOf('Query').items.resolve = () => Array.from({ length: 5 }, () => ({}))
fieldsOf('Item').price.resolve = async (...given) => {
  await turn()
  handled(...given)
  return 7
}
fieldsOf('Mutation').rename.resolve = () => 'renamed'
async function* ticks() {
  for (let tick = 1; tick < 4; tick += 1) yield { ticks: tick }
}
fieldsOf('Subscription').ticks.subscribe = ticks
fieldsOf('Subscription').breaks.subscribe = async function* breaks() {
  yield { breaks: 1 }
  fail()
}
traceSchema(schema)

const traced = traceExecution(execute)
const run = (query) => {
  const document = parse(query)
  return (contextValue) => traced({ schema, document, contextValue })
}
const follow = (query, most) => {
  const document = parse(query)
  return async (contextValue) => {
    const events = await subscribe({ schema, document, contextValue })
    let seen = 0
    try {
      for await (const _ of events) {
        seen += 1
        if (seen === most) break
      }
    } catch {
      // The source has broken, as it was to.
    }
  }
}

const steps = [
  run('query Named { hello }'),
  run('{ hello fails }'),
  run('{ throws }'),
  run('{ items { price } }'),
  run('mutation { rename }'),
  // What validation would have refused.
  run('{ nothing }'),
  follow('subscription { ticks }', 10),
  follow('subscription { ticks }', 1),
  follow('subscription { breaks }', 10),
  // The client parses it anew each time.
  (contextValue) =>
    traced({ schema, document: parse(`{ hello # ${contextValue.wanted}\n }`), contextValue }),
]

const result = await soak(counts, Number(process.argv[2]), (number) => {
  const wanted = `tenant-${number % 50}`
  return runWithIdentity({ 'tenant.id': wanted }, () => steps[number % steps.length]({ wanted }))
})
console.log(JSON.stringify(result))
