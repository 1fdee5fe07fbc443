import { readAnyJson } from '../formats/read-any.ts'
import { answerJson, asHttpError } from '../http/answer.ts'
import { HttpError } from '../http/errors.ts'
import { checkJsonSize } from '../ingest/json-size.ts'
import type { Exchange, Route } from '../ingest/viewer-state.ts'
import { createMemoryStore } from '../store/memory-store.ts'
import { toJaegerJson } from './write-jaeger.ts'

/** What the pages of Jaeger and Zipkin ask for besides traces, when they are served apart and read from here. */
export const uiRoutes: readonly Route[] = [
  {
    method: 'GET',
    pattern: /^\/zipkin\/config\.json$/,
    answer: ({ response }) => answerJson(response, ZIPKIN_CONFIG),
  },
  { method: 'POST', pattern: /^\/api\/transform$/, answer: transform },
]

const ZIPKIN_CONFIG = {
  environment: 'callchain',
  queryLimit: 10,
  defaultLookback: 15 * 60_000,
  searchEnabled: true,
  dependency: { enabled: true, lowErrorRate: 0.5, highErrorRate: 0.75 },
}

/** OTLP JSON as traces in Jaeger's JSON: what Jaeger's page asks of a file that is dropped on it. Keeps nothing. */
async function transform({ state, request, response }: Exchange): Promise<void> {
  const { bytes } = await state.bodies.read(request)
  checkJsonSize(bytes)
  const data = toJaegerTraces(bytes.toString('utf8'), state)
  answerJson(response, { data, total: data.length, limit: 0, offset: 0, errors: null })
}

function toJaegerTraces(text: string, { context }: Exchange['state']): unknown[] {
  const store = createMemoryStore()
  try {
    for (const part of readAnyJson(text, context).parts) store.add(part)
  } catch (error) {
    throw new HttpError(400, asHttpError(error).message)
  }
  return [...store.traces.values()].map(toJaegerJson)
}
