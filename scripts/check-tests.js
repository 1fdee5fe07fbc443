// Reads the results that Jest wrote (`jest --json --outputFile=FILE`) and checks that every tracked
// suite was run and that no test was left out: `node scripts/check-tests.js FILE`.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { root } from './packages.js'

const file = process.argv[2] ?? ''
if (!existsSync(file)) {
  console.error(`Jest did not write its results to ${file}`)
  process.exit(1)
}
const results = JSON.parse(readFileSync(file, 'utf8'))
const run = new Set(
  results.testResults.map(({ name }) => relative(root, name).replaceAll('\\', '/')),
)
const faults = [
  ...suites()
    .filter((name) => !run.has(name) && !needsServer(name))
    .map((name) => `${name} was not run`),
  ...results.testResults.flatMap(suiteFaults),
]
if (!results.success) faults.push('Jest reports that the run failed')
for (const fault of faults) console.error(fault)
console.log(`${run.size} suites, ${results.numPassedTests} tests passed, ${faults.length} faults.`)
process.exitCode = faults.length === 0 ? 0 : 1

/**
 * Whether a suite may be left out: continuous integration runs it with its server, but for Jaeger, which
 * takes too long to build.
 */
function needsServer(name) {
  if (name.endsWith('/jaeger.server.test.ts')) return true
  return name.endsWith('.server.test.ts') && !process.env.CI
}

/** The suites in the repository, those of a package still to be committed included. */
function suites() {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard', '*.test.ts']
  return execFileSync('git', args, { cwd: root, encoding: 'utf8' })
    .split('\n')
    .filter((name) => name && existsSync(`${root}/${name}`))
}

function suiteFaults({ name, assertionResults }) {
  const file = relative(root, name)
  if (assertionResults.length === 0) return [`${file} has no test that was run`]
  return assertionResults
    .filter(({ status }) => !['passed', 'failed'].includes(status))
    .map(({ fullName, status }) => `${file}: "${fullName}" is ${status}`)
}
