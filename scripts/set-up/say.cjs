/** Says what is being done, does it, and ends the line with the time it took. */
function say(what, work) {
  const start = Date.now()
  process.stderr.write(`${what} …`)
  try {
    work()
    process.stderr.write(` done in ${((Date.now() - start) / 1000).toFixed(1)} s\n`)
  } catch (error) {
    process.stderr.write(' failed\n')
    throw error
  }
}

module.exports = { say }
