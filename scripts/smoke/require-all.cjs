// Prints, as JSON, the names that each entry given as an argument offers to `require`.
const names = {}
for (const entry of process.argv.slice(2)) names[entry] = Object.keys(require(entry)).sort()
console.log(JSON.stringify(names))
