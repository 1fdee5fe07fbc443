/** The version of this package, as the instrumentation scope carries it. */
export const VERSION = '0.1.0'
/** Its major version, as the names of shared keys carry it. */
export const MAJOR = '0'
/** The schema of what this package records: the semantic conventions that it follows. */
export const SCHEMA_URL = 'https://opentelemetry.io/schemas/1.44.0'
