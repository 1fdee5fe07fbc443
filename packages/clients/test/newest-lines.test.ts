import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, it } from '@jest/globals'

const ROOT = join(__dirname, '../../..')
const FIXTURE = 'packages/clients/test/fixtures/newest-lines.mjs'
const run = promisify(execFile)

// Undici 8, got 16 and ky 2 come as ES modules, for which a test runner has no room, and ask for
// Node.js 22.19. On an older one it is their asking that is seen to.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
const isNew = major > 22 || (major === 22 && minor >= 19)

// The set-up sees to it that no two suites build at once.
beforeAll(async () => {
  await run(process.execPath, ['scripts/set-up.cjs', '--build', '--no-install'], { cwd: ROOT })
}, 300_000)

const { NODE_OPTIONS: _, ...env } = process.env
const test = (): Promise<{ stdout: string }> =>
  run(process.execPath, ['--test', '--test-reporter=tap', FIXTURE], { cwd: ROOT, env })

describe('undici 8, got 16 and ky 2', () => {
  it(isNew ? 'keep the client contract' : 'ask for a newer Node.js', async () => {
    if (isNew) {
      expect((await test()).stdout).toMatch(/^# fail 0$/m)
    } else {
      await expect(test()).rejects.toMatchObject({ stdout: expect.stringMatching(/^# fail 1$/m) })
    }
  }, 60_000)
})
