import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { readDiffOptions } from '../packages/viewer/src/cli/diff.ts'

const root = join(__dirname, '..')
const file = readFileSync(join(root, 'docs/workflows/chains.yml'), 'utf8')

interface Workflow {
  readonly permissions: Record<string, string>
  readonly jobs: { readonly chains: { readonly steps: readonly { readonly run?: string }[] } }
}

describe('the workflow that users copy', () => {
  const { permissions, jobs }: Workflow = parse(file)
  const commands = jobs.chains.steps.flatMap(({ run }) => run ?? [])

  it('is what the page about tests shows', () => {
    const page = readFileSync(join(root, 'docs/testing.md'), 'utf8')
    const [, shown] = /```yaml\n(.*?)```/s.exec(page) ?? []
    expect(shown).toBe(file)
  })

  it('needs no right but to read', () => {
    expect(permissions).toEqual({ contents: 'read' })
  })

  it('compares the folders that the tests record into, as callchain diff understands it', () => {
    const recorded = commands.flatMap(
      (run) => /CALLCHAIN_RECORD=(\S+) npm test/.exec(run)?.[1] ?? [],
    )
    const compared = commands.flatMap((run) => {
      const [, args] = /^npx callchain diff (.*?)(?: >> \$GITHUB_STEP_SUMMARY)?$/.exec(run) ?? []
      return args === undefined ? [] : [readDiffOptions(args.split(' '))]
    })
    expect(recorded).toHaveLength(2)
    expect(compared).toMatchObject([
      { base: recorded[0], head: recorded[1], form: 'markdown', failOn: [] },
      { base: recorded[0], head: recorded[1], failOn: ['repeated', 'hosts', 'tenant'] },
    ])
  })
})
