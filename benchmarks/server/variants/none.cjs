/** No tracing: what every other variant is compared with. */
exports.start = () => ({ flush: async () => {} })
