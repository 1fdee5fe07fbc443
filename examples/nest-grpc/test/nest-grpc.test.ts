import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { beforeAll, expect, it } from '@jest/globals'

const root = join(__dirname, '../../..')

beforeAll(() => {
  const built = spawnSync(process.execPath, ['scripts/set-up.cjs', '--build', '--no-install'], {
    cwd: root,
    encoding: 'utf8',
  })
  if (built.status !== 0) throw new Error(built.stdout + built.stderr)
}, 300_000)

it('shows an order through both services, down to the database, in one chain with its tenant', async () => {
  const child = spawn(process.execPath, ['examples/nest-grpc/start.js', '--once'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [printed, complaints] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  expect(complaints).toBe('')
  const [, lamp, vase] = printed.trim().split('\n\n')
  expect(lamp?.split('\n')).toEqual([
    'POST /orders/lamp  201  {"item":"lamp","left":9}',
    'POST /orders/:item  201',
    '  shop.v1.Stock/Reserve localhost  OK → shop.v1.Stock/Reserve  OK',
    '    UPDATE stock',
    '  for acme',
  ])
  expect(vase?.split('\n').slice(1)).toEqual([
    'POST /orders/:item  409',
    '  shop.v1.Stock/Reserve localhost  FAILED_PRECONDITION → shop.v1.Stock/Reserve  FAILED_PRECONDITION',
    '    UPDATE stock',
    '  for acme',
  ])
})
