exports.atOnce = 10

/** The global fetch, its body read as text. */
exports.open = (url, wraps) => {
  const fetch = wraps ? require('@callchain/clients/fetch').traceFetch() : globalThis.fetch
  return {
    async call() {
      const response = await fetch(url)
      await response.text()
      if (response.status !== 200) throw new Error(`fetch: ${response.status}`)
    },
  }
}
