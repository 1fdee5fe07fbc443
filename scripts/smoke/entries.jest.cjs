const entries = require('./entries.json')

// The register entry starts the SDK when it is loaded, which is for the application's process.
const plain = entries.filter((entry) => !entry.endsWith('/register'))

describe('A CommonJS project under Jest', () => {
  test.each(plain)('requires %s', (entry) => {
    expect(Object.keys(require(entry))).not.toEqual([])
  })
})
