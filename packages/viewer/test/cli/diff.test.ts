import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RecordedChain, RecordedSpan } from '@callchain/viewer'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { main } from '../../src/cli/main.ts'

let folder: string
let printed = ''
let complained = ''
const { write } = process.stdout
const { write: writeError } = process.stderr

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'callchain-diff-'))
  ;[printed, complained] = ['', '']
  process.stdout.write = ((text: string) => {
    printed += text
    return true
  }) as typeof write
  process.stderr.write = ((text: string) => {
    complained += text
    return true
  }) as typeof write
})

afterEach(async () => {
  process.stdout.write = write
  process.stderr.write = writeError
  process.exitCode = undefined
  await rm(folder, { recursive: true })
})

function span(name: string, more: Partial<RecordedSpan> = {}): RecordedSpan {
  return {
    ...{
      name,
      kind: 'internal',
      service: 'orders',
      tenant: true,
      duration: 13,
      children: [],
    },
    ...more,
  }
}

const lines = (count: number) =>
  Array.from({ length: count }, () =>
    span('SELECT lines', {
      kind: 'client',
      statement: 'select * from lines where id = ?',
    }),
  )

const order = (more: Partial<RecordedSpan>) => span('GET /orders/:id', { kind: 'server', ...more })

async function record(name: string, ...spans: readonly RecordedSpan[]): Promise<string> {
  const path = join(folder, name)
  const chains = spans.map((each): RecordedChain => ({ callchain: 1, test: 'a', spans: [each] }))
  await writeFile(path, chains.map((each) => JSON.stringify(each)).join('\n'))
  return path
}

async function callchain(...args: readonly string[]): Promise<number> {
  process.exitCode = undefined
  await main(['diff', ...args])
  return Number(process.exitCode ?? 0)
}

describe('callchain diff', () => {
  it('says in Markdown what a change did to the chains', async () => {
    const base = await record('base', order({ children: lines(1) }), span('job'))
    const call = span('GET', {
      kind: 'client',
      host: 'inventory.acme.io',
      error: 'ECONNREFUSED',
    })
    const head = await record(
      'head',
      order({ tenant: false, duration: 52, children: [...lines(41), call] }),
      span('GET /users/17', { kind: 'server' }),
    )
    expect(await callchain(base, head, '--markdown')).toBe(0)
    expect(printed).toMatchInlineSnapshot(`
      "### Chains: 8 things to look at

      | operation | what changed |
      |---|---|
      | \`orders job\` | is gone |
      | \`orders GET /orders/:id\` | new error: \`GET: ECONNREFUSED\`<br>tenant missing on **100 %** of its entry spans (was 0 %)<br>statements 1 → **41**<br>runs 1 → **41** times in one chain: \`select * from lines where id = ?\`<br>calls 0 → **1**<br>new host: \`inventory.acme.io\` |
      | \`orders GET /users/17\` | the name \`GET /users/17\` holds what looks like an id |

      <details><summary>Also changed</summary>

      | operation | what changed |
      |---|---|
      | \`orders GET /users/17\` | is new: 0 statements, 0 calls |
      | \`orders GET /orders/:id\` | median 13 → 52 ms (a hint: machines differ) |

      </details>

      Compared: 2 recorded chains of 2 operations.
      "
    `)
    expect(await callchain(base, head, '--fail-on', 'hosts, tenant')).toBe(1)
    expect(await callchain(head, head, '--fail-on', 'statements')).toBe(0)
  })

  it('says the same in plain text and in JSON', async () => {
    const base = await record('base', order({ children: lines(41) }))
    const head = await record('head', order({ children: lines(1) }))
    expect(await callchain(base, head, '--fail-on', 'statements,repeated')).toBe(0)
    expect(printed).toBe(
      '  orders GET /orders/:id: statements 41 → 1\n1 chain of 1 operation compared.\n',
    )
    printed = ''
    await callchain(base, head, '--json')
    expect(JSON.parse(printed)).toEqual({
      operations: 1,
      chains: 1,
      changes: [
        {
          kind: 'statements',
          operation: 'orders GET /orders/:id',
          isWorse: false,
          text: 'statements 41 → 1',
        },
      ],
    })
  })

  it.each([
    [['a'], 'callchain diff needs two files or folders: callchain diff base head'],
    [['a', 'b', '--fail-on', 'time'], '--fail-on cannot be "time"; allowed: operations, errors'],
    [['a', 'b', '--json', '--markdown'], '--markdown and --json exclude each other.'],
    [['a', 'b', '--form'], 'see callchain diff --help'],
  ])('refuses %j', async (args, sentence) => {
    expect(await callchain(...args)).toBe(2)
    expect(complained).toContain(sentence)
  })

  it('names the file and the line that are not what tests record', async () => {
    const good = await record('good', order({}))
    await writeFile(join(folder, 'cut'), '{"callchain":1,"spans":[]}\n{"call')
    expect(await callchain(good, join(folder, 'cut'), '--fail-on', 'hosts')).toBe(2)
    expect(complained).toContain('/cut:2 is not JSON: the file was cut')
    await writeFile(join(folder, 'newer'), '{"callchain":2,"spans":[]}')
    await callchain(good, join(folder, 'newer'))
    expect(complained).toContain(
      'was written by another version of @callchain/testing (form 2, this one reads 1)',
    )
    await writeFile(join(folder, 'changed'), '{"callchain":1,"spans":[{"name":"a"}]}')
    await callchain(good, join(folder, 'changed'))
    expect(complained).toContain('/changed:1 has a span that is not one')
    await callchain(good, join(folder, 'missing'))
    expect(complained).toContain('/missing does not exist: run the tests with CALLCHAIN_RECORD=')
    await callchain(good, folder)
    expect(complained).toContain('has no recorded chain')
  })
})
