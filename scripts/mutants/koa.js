const at = 'packages/koa/src'

/** The route of what koa-mount has mounted, and of routers that guess. */
export const koa = {
  name: 'koa',
  suites: [
    ['packages/koa/test/mounted-routes', 'packages/koa/test/tracing'],
    ['packages/koa/test/contract', 'packages/koa/test/coming-back'],
  ],
  mutants: [
    {
      name: 'mount-prefix',
      breaks: 'the prefix of the mount is not in the route',
      file: `${at}/matched-route.ts`,
      find: "const prefix = matched?.prefix ?? ''",
      put: "const prefix = ''",
    },
    {
      name: 'mount-root',
      breaks: 'the root of a mounted router has a slash too many',
      file: `${at}/matched-route.ts`,
      find: "prefix !== '' && found === '/' ? prefix : prefix + String(found)",
      put: 'prefix + String(found)',
    },
    {
      name: 'mount-left',
      breaks: 'a mount that passed on leaves its prefix',
      file: `${at}/mounts.ts`,
      find: "return from === cut + path || (path === '/' && from === cut)",
      put: 'return true',
    },
    {
      name: 'mount-left-root',
      breaks: 'the root of a mount has no prefix',
      file: `${at}/mounts.ts`,
      find: " || (path === '/' && from === cut)",
      put: '',
    },
    {
      name: 'mount-nested',
      breaks: 'a mount in a mount has its own prefix alone',
      file: `${at}/mounts.ts`,
      find: 'prefix: prefixAt(mounts, path) + cut',
      put: 'prefix: cut',
    },
    {
      name: 'mount-slash',
      breaks: 'a prefix that ends in a slash has two',
      file: `${at}/mounts.ts`,
      find: "mountPath.endsWith('/') ? mountPath.slice(0, -1) : mountPath",
      put: 'mountPath',
    },
    {
      name: 'mount-first',
      breaks: 'the very first request has no prefix',
      file: `${at}/matched-route.ts`,
      find: '  keepMount(ctx as Routed)\n',
      put: '',
    },
    {
      name: 'guess-last',
      breaks: 'an old router names the last route that might have answered',
      file: `${at}/matched-route.ts`,
      find: 'matched?.isEntered === false ? onlyRoute(ctx as Routed) : route',
      put: 'route',
    },
    {
      name: 'guess-first',
      breaks: 'an old router names the first route that might have answered',
      file: `${at}/matched-route.ts`,
      find: 'others.length === 0 ? first : undefined',
      put: 'first',
    },
    {
      name: 'guess-method',
      breaks: 'an old router counts routes of other methods',
      file: `${at}/matched-route.ts`,
      find: 'matched.filter(({ methods }) => methods?.includes(method))',
      put: 'matched.filter(({ methods }) => methods !== undefined)',
    },
    {
      name: 'next-twice',
      breaks: 'next() may be called twice',
      file: `${at}/compose.ts`,
      find: "if (index <= reached) throw new Error('next() called multiple times')",
      put: '',
    },
  ],
}
