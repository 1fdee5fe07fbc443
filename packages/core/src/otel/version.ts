/** The version of this package, as the instrumentation scope carries it. */
export const VERSION = '0.1.0'
/** Its major version, as the names of shared keys carry it. */
export const MAJOR = '0'
