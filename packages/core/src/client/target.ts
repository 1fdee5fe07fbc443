const MAX_KEPT_ORIGINS = 64

/** Where calls go: what is the same for every URL of one scheme, host and port. */
export interface Origin {
  /** The host as rules and attributes have it: without the brackets of IPv6. */
  readonly host: string
  readonly port: number
  /** `http` or `https`. */
  readonly scheme: string
}

/** The URL of a call. */
export class Target {
  readonly origin: Origin
  /** The URL as the standard writes it. */
  readonly href: string
  #url: URL | undefined

  constructor(origin: Origin, href: string, url?: URL) {
    this.origin = origin
    this.href = href
    this.#url = url
  }

  /** Parsed when it is asked for. Nobody changes it. */
  get url(): URL {
    this.#url ??= new URL(this.href)
    return this.#url
  }
}

/** The target that a parsed URL names. */
export function targetOf(url: URL): Target {
  return new Target(originOf(url), url.href, url)
}

// A path that a parser of URLs leaves as it is. A segment that begins with a dot, or an encoded one,
// may lead elsewhere.
const PLAIN_PATH = /(?:\/[\w~!$&()*+,;=:@-][\w.~!$&()*+,;=:@-]*)*\/?$/y

/**
 * Makes a function that reads the URL of a call; `undefined` for what does not go over HTTP: `data:`
 * never leaves the process. Most calls go where others went before, so the origins of up to 64 are kept,
 * and only a path that needs it is parsed.
 */
export function createTargetReader(): (url: string) => Target | undefined {
  const origins = new Map<string, Origin>()
  let text: string | undefined
  let last: Target | undefined
  return (url) => {
    if (url !== text) {
      last = read(url)
      text = url
    }
    return last
  }

  function read(url: string): Target | undefined {
    // After `https://`, or after the first character of a host that follows `http://`.
    const path = url.indexOf('/', 8)
    const known = path === -1 ? undefined : origins.get(url.slice(0, path))
    if (known !== undefined) {
      PLAIN_PATH.lastIndex = path
      if (PLAIN_PATH.test(url)) return new Target(known, url)
    }
    const parsed = parse(url)
    if (parsed === undefined) return undefined
    const target = targetOf(parsed)
    keep(parsed.origin, target.origin)
    return target
  }

  function keep(text: string, origin: Origin): void {
    if (origins.has(text)) return
    const [oldest] = origins.size < MAX_KEPT_ORIGINS ? [] : origins.keys()
    if (oldest !== undefined) origins.delete(oldest)
    origins.set(text, origin)
  }
}

function parse(text: string): URL | undefined {
  try {
    const url = new URL(text)
    return url.protocol === 'http:' || url.protocol === 'https:' ? url : undefined
  } catch {
    return undefined
  }
}

function originOf(url: URL): Origin {
  const { hostname, port, protocol } = url
  const isSecure = protocol === 'https:'
  return {
    host: hostname.startsWith('[') ? hostname.slice(1, -1) : hostname,
    port: port === '' ? (isSecure ? 443 : 80) : Number(port),
    scheme: isSecure ? 'https' : 'http',
  }
}
