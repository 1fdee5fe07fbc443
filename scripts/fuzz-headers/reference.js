// The slow readings of the grammars that the tests of @callchain/core hold its codecs to.
import { fileURLToPath } from 'node:url'
import { transformFile } from '@swc/core'

const directory = new URL('../../packages/core/test/reference/', import.meta.url)

export const { readTraceparent } = await load('traceparent.ts')
export const { readTracestate, truncateTracestate } = await load('tracestate.ts')
export const { readBaggage } = await load('baggage.ts')
export const { readPercentEncoded } = await load('percent-decoding.ts')

async function load(file) {
  const { code } = await transformFile(fileURLToPath(new URL(file, directory)), {
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
    module: { type: 'es6' },
  })
  return import(`data:text/javascript,${encodeURIComponent(code)}`)
}
