const { setImmediate: nextTurn } = require('node:timers/promises')

/** What the handler of every framework answers: about 200 bytes, after one turn of the event loop. */
exports.findUser = async (id, expand) => {
  await nextTurn()
  return {
    id,
    expand,
    name: 'Ada Lovelace',
    email: 'ada@example.com',
    roles: ['admin', 'editor'],
    address: { street: "12 St James's Square", city: 'London', country: 'GB' },
    active: true,
  }
}
