exports.atOnce = 10

/** ky, over the global fetch, without its own retries. */
exports.open = async (url, wraps) => {
  const { default: ky } = await import('ky')
  const plain = ky.create({ retry: 0 })
  const client = wraps ? require('@callchain/clients/ky').traceKy(plain) : plain
  return { call: () => client.get(url).text() }
}
