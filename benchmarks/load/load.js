// The caller, in its own process: obeys the harness over IPC.
import autocannon from 'autocannon'

const traceId = '0af7651916cd43dd8448eb211c80319c'

const headers = (sampled) => ({
  traceparent: `00-${traceId}-b7ad6b7169203331-${sampled ? '01' : '00'}`,
  tracestate: 'vendor=t61rcWkgMzE,rojo=00f067aa0ba902b7',
  baggage: 'tenant.id=acme,user.id=u-4711',
  'user-agent': 'benchmark/1.0',
})

async function load({ port, requests, connections, sampled }) {
  const result = await autocannon({
    url: `http://127.0.0.1:${port}/users/42?x=1`,
    amount: requests,
    connections,
    headers: headers(sampled),
    timeout: 10,
    sampleInt: 100,
    bailout: 1,
  })
  return { answered: result['2xx'], failed: result.non2xx + result.errors }
}

process.on('message', async ({ id, argument }) => {
  process.send({ id, value: await load(argument) })
})
process.on('disconnect', () => process.exit())
process.send({ ready: true })
