import { startChild } from './child.js'

/**
 * Starts the process of a cell, which makes calls and exports to `sink`: how it is told to call, what it
 * costs, and how many calls it has made. `env` is what else it needs to know.
 */
export async function startCallingChild(main, cell, { sink, env = {} }, { cpuProfile, node }) {
  const { subject, variant, mode } = cell
  const collectorPort = await sink.ask('open')
  const child = await startChild(main, {
    args: [subject, variant],
    execPath: node,
    execArgv: cpuProfile
      ? ['--cpu-prof', `--cpu-prof-dir=${cpuProfile}/${subject}-${variant}`]
      : [],
    env: {
      NODE_ENV: 'production',
      BENCH_COLLECTOR: `http://127.0.0.1:${collectorPort}`,
      ...env,
    },
  })
  const sampled = mode === 'sampled'
  let called = 0
  return {
    name: Object.values(cell).join(', '),
    sampled,
    called: () => called,
    ask: (command, argument) => child.ask(command, argument),
    counted: () => sink.ask('counted', collectorPort),
    steps: {
      cpu: () => child.ask('cpu'),
      stop: () => child.stop(),
      async call(calls) {
        await child.ask('call', { calls, sampled })
        called += calls
      },
    },
  }
}
