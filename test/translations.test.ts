import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { expect, it } from '@jest/globals'

it('the Chinese pages have the code of the English ones, and were looked at since those changed', () => {
  const { stdout, stderr, status } = spawnSync(process.execPath, ['scripts/translations.js'], {
    cwd: resolve(__dirname, '..'),
    encoding: 'utf8',
  })

  expect({ status, output: stdout + stderr }).toEqual({ status: 0, output: '' })
})
