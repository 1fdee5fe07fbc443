import { open, readFile, rm } from 'node:fs/promises'
import { errorCode } from '../http/errors.ts'
import { reasonOf } from './reason-of.ts'

/**
 * Takes a file for this process; the lock of a process that has ended is taken over.
 *
 * @returns what gives it back
 * @throws Error with one sentence when another process has it, or the folder cannot be written
 */
export async function lockFile(file: string): Promise<() => Promise<void>> {
  const lock = `${file}.lock`
  if (!(await take(lock))) {
    const pid = Number(await readFile(lock, 'utf8').catch(() => ''))
    if (isAlive(pid))
      throw new Error(
        `${file} is kept in by the viewer of process ${pid} already. If none runs, remove ${lock}.`,
      )
    await rm(lock, { force: true })
    if (!(await take(lock))) throw new Error(`${file} was taken by another viewer just now.`)
  }
  return () => rm(lock, { force: true })
}

async function take(lock: string): Promise<boolean> {
  try {
    const handle = await open(lock, 'wx', 0o600)
    await handle.writeFile(String(process.pid))
    await handle.close()
    return true
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false
    throw new Error(`${lock} cannot be written: ${reasonOf(error)}`, { cause: error })
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return errorCode(error) === 'EPERM'
  }
}
