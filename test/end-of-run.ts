const patience = 20_000

/**
 * Jest's `globalTeardown`. What a suite left open keeps Jest from ending: say what it is and end,
 * with the exit code that the tests have earned.
 */
export default function endOfRun(): void {
  setTimeout(() => {
    process.stderr.write(
      `Tests left this open, which kept the run from ending: ${describeOpen().join(', ')}. ` +
        'To find the test: npx jest --detectOpenHandles\n',
    )
    process.exit()
  }, patience).unref()
}

function describeOpen(): string[] {
  const sockets = handles().map(({ remotePort, localPort }) =>
    remotePort === undefined ? '' : `a socket from port ${localPort} to ${remotePort}`,
  )
  return [...new Set([...process.getActiveResourcesInfo(), ...sockets.filter(Boolean)])]
}

interface Handle {
  localPort?: number
  remotePort?: number
}

/** Node has no documented way to see a handle; its old one still works. */
function handles(): Handle[] {
  const { _getActiveHandles } = process as { _getActiveHandles?: () => Handle[] }
  return _getActiveHandles?.call(process) ?? []
}
