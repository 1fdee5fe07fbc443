import { spawnSync } from 'node:child_process'

/**
 * Runs a program in `folder` for ten minutes at most; `status` is its exit code, or null when it
 * was stopped, `output` is all that it printed.
 */
export function runIn(folder, program, args) {
  const env = { ...process.env, FORCE_COLOR: '0', CI: 'true' }
  // The repository's own Jest may be what runs us.
  for (const name of ['NODE_OPTIONS', 'NODE_ENV', 'JEST_WORKER_ID']) delete env[name]
  const options = { cwd: folder, encoding: 'utf8', env, timeout: 600_000 }
  const { status, stdout, stderr, error } = spawnSync(program, args, options)
  const said = { stdout: stdout ?? '', stderr: `${stderr ?? ''}${error?.message ?? ''}` }
  return { status, ...said, output: said.stdout + said.stderr }
}
