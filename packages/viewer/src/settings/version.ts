/** The version of this package. */
export const VERSION = '0.1.0'
/** Its major version, as the names of keys that copies of this package share carry it. */
export const MAJOR = '0'
