import type { Origin, Setting, Settings } from '../setting.ts'

/** The examples of @callchain/clients: each asks the origin once, and makes one span. */
export function clients({ url }: Origin): Settings {
  const atOrigin = { 'https://stock.example': url }
  const asking = (after: string, instead: Setting['instead'] = atOrigin): Setting => ({
    before: `import { deepStrictEqual } from 'node:assert'
import { expectSpans } from '../../test/doc-examples/harness.ts'`,
    after: `${after}\nawait expectSpans('GET')`,
    instead,
  })
  return {
    'clients/traceFetch': asking('deepStrictEqual(await response.json(), { id: 7 })', {
      'https://stock.acme.example': url,
    }),
    'clients/traceAxios': asking('deepStrictEqual(data, { id: 7 })'),
    'clients/traceUndici': asking(''),
    'clients/traceGot': asking('deepStrictEqual(item, { id: 7 })'),
    'clients/traceKy': asking('deepStrictEqual(item, { id: 7 })'),
    'clients/traceAgent': asking('', { ...atOrigin, 'node:https': 'node:http' }),
  }
}
