const { createHash } = require('node:crypto')
const { closeSync, openSync, readFileSync, rmSync, writeSync } = require('node:fs')
const { tmpdir } = require('node:os')
const { join, resolve } = require('node:path')

const root = resolve(__dirname, '../..')
const name = createHash('sha256').update(root).digest('hex').slice(0, 16)
const file = join(tmpdir(), `callchain-set-up-${name}.lock`)

/** Runs `work` while no other set-up of this folder runs; waits for one that does. */
function withLock(work) {
  let isToldToWait = false
  while (!take()) {
    if (!isToldToWait) process.stderr.write('Waiting for the set-up in another terminal …\n')
    isToldToWait = true
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200)
  }
  process.once('exit', release)
  try {
    work()
  } finally {
    process.off('exit', release)
    release()
  }
}

function take() {
  try {
    const descriptor = openSync(file, 'wx')
    writeSync(descriptor, String(process.pid))
    closeSync(descriptor)
    return true
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
    if (isLeftBehind()) release()
    return false
  }
}

/** Whether the process that wrote the lock was killed and so left it behind. */
function isLeftBehind() {
  try {
    const owner = Number(readFileSync(file, 'utf8'))
    // Between its creation and its writing the file is empty: then it is held.
    if (owner > 0) process.kill(owner, 0)
    return false
  } catch (error) {
    // Not when the file is gone, for the next one may be another's by the time we remove it.
    return error.code === 'ESRCH'
  }
}

function release() {
  rmSync(file, { force: true })
}

module.exports = { withLock }
