import type { Settings } from '../setting.ts'

const IN_TESTS = 'it belongs into a test; those of the package run it'

/** The examples of @callchain/testing about whole chains of calls. */
export const chains: Settings = {
  'testing/chain': {
    onlyCompiled: IN_TESTS,
    before: `import express from 'express'
import request from 'supertest'
import { assertChain, chain, createRecorder } from '@callchain/testing'
const app = express()`,
  },
  'testing/assertChain': {
    onlyCompiled: IN_TESTS,
    before: `import { assertChain, type Chain } from '@callchain/testing'
declare const trace: Chain`,
  },
  'testing/startCollector': {
    onlyCompiled: IN_TESTS,
    before: `import { spawn } from 'node:child_process'
import { chain, startCollector } from '@callchain/testing'
const url = 'http://127.0.0.1:3000/orders/7'`,
  },
  'testing/allowRepeated': {
    onlyCompiled: IN_TESTS,
    before: "import { allowRepeated } from '@callchain/testing/guard'",
  },
}
