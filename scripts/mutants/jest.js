// Runs Jest for each message that names suites, and answers with the first test that was red.
import { relative } from 'node:path'
import { runCLI } from 'jest'

const config = process.argv[2]
// A suite that fails on the way may leave a promise behind, and the next mutant is to be tried all the same.
process.on('unhandledRejection', () => {})
process.on('message', async ({ suites }) => {
  const args = {
    $0: '',
    _: suites,
    config,
    runInBand: true,
    silent: true,
    passWithNoTests: true,
    testTimeout: 30_000,
    // It ends this process, which has further suites to run.
    globalTeardown: null,
  }
  process.send({ red: await redOf(args) })
})

async function redOf(args) {
  try {
    const { results } = await runCLI(args, [process.cwd()])
    return results.success && results.numTotalTests > 0 ? undefined : firstRed(results)
  } catch (error) {
    return `Jest did not run: ${error.message}`
  }
}

function firstRed({ testResults }) {
  const suite = testResults.find(
    ({ numFailingTests, failureMessage }) => numFailingTests > 0 || failureMessage,
  )
  if (suite === undefined) return 'no suite was run'
  const test = suite.testResults.find(({ status }) => status === 'failed')
  const path = relative(process.cwd(), suite.testFilePath).replace('packages/', '')
  return `${path}: ${test?.fullName ?? 'did not run'}`
}
