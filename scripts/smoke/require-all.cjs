// Prints, as JSON, the names that each entry given as an argument offers to `require`.
const names = {}
for (const entry of process.argv.slice(2)) {
  try {
    names[entry] = Object.keys(require(entry)).sort()
  } catch (error) {
    console.error(`${entry}: ${error.message}`)
    process.exitCode = 1
  }
}
console.log(JSON.stringify(names))
