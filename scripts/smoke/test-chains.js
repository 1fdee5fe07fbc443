import { cpSync, writeFileSync } from 'node:fs'
import { root } from '../packages.js'
import { runIn } from './run-in.js'

const header = {
  jest: "import { describe, expect, it } from '@jest/globals'",
  vitest: "import { describe, expect, it } from 'vitest'",
}

const vitest = {
  test: {
    include: ['chains/vitest.test.mjs'],
    globals: true,
    setupFiles: ['@callchain/testing/vitest', '@callchain/testing/guard'],
    // The guard would fail the test, which repeats a statement on purpose.
    env: { CALLCHAIN_GUARD: '20' },
  },
}

/** Runs the tests of a small application in each runner, as a user would have them. */
export function testChains(folder) {
  cpSync(`${root}/scripts/smoke/chains`, `${folder}/chains`, { recursive: true })
  for (const [runner, line] of Object.entries(header)) {
    const body = "import { suite } from './suite.mjs'\nsuite({ describe, expect, it })\n"
    writeFileSync(`${folder}/chains/${runner}.test.mjs`, `${line}\n${body}`)
  }
  writeFileSync(`${folder}/chains/vitest.config.mjs`, `export default ${JSON.stringify(vitest)}\n`)
  const node = (...args) => runIn(folder, process.execPath, args)
  const jest = 'node_modules/jest/bin/jest.js'
  return {
    'chains in Jest, ES modules': () =>
      node('--experimental-vm-modules', jest, '--config', 'chains/jest.esm.json'),
    'chains in Jest, CommonJS': () => node(jest, '--config', 'chains/jest.cjs.json'),
    'chains in Vitest': () =>
      node('node_modules/vitest/vitest.mjs', 'run', '--config', 'chains/vitest.config.mjs'),
    'chains in node:test': () => node('--test', 'chains/node.mjs'),
  }
}
