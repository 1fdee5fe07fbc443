const entries = require('./entries.json')

// The register entry starts the SDK when it is loaded, which is for the application's process.
// Nest 12 is ES modules alone, which a CommonJS Jest does not take.
const plain = entries.filter((entry) => !entry.endsWith('/register') && !entry.endsWith('/nest'))

describe('A CommonJS project under Jest', () => {
  test.each(plain)('requires %s', (entry) => {
    expect(Object.keys(require(entry))).not.toEqual([])
  })
})
