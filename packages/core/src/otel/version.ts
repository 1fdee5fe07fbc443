/** The version of this package, as the instrumentation scope carries it. */
export const VERSION = '0.1.0'
