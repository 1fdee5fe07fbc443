export type HostRule = string | ((hostname: string) => boolean)

export type HostMatcher = (hostname: string) => boolean

/** A matcher for the hosts that the rules name. */
export function createHostMatcher(_rules: readonly HostRule[]): HostMatcher {
  return () => false
}

/** Whether a host name is one that only our own network can resolve or reach. */
export function isInternalHost(_hostname: string): boolean {
  return false
}
