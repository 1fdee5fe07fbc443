import type { HttpClientRequest } from '@callchain/core'
import { AxiosHeaders, type InternalAxiosRequestConfig } from 'axios'
import type { Call } from './call.ts'
import { guarded } from './guarded.ts'

type Config = InternalAxiosRequestConfig
type Headers = InstanceType<typeof AxiosHeaders>

// What follow-redirects is about to ask for, and what it was answered.
interface NextRequest {
  readonly href?: unknown
  readonly method?: unknown
  headers?: unknown
}

/**
 * Begins the first attempt of a call, and makes the configuration it goes out with: a copy, since the
 * headers of the application's own must not change.
 */
export function beginAxios(call: Call, config: Config, url: string): Config {
  const headers = new AxiosHeaders(config.headers)
  const method = (config.method ?? 'get').toUpperCase()
  call.begin(axiosRequest(method, url, headers))
  const copy: Config = Object.assign(Object.create(Object.getPrototypeOf(config)), config)
  copy.headers = headers
  copy.beforeRedirect = (next, details, previous) => {
    // It may change the headers, or throw to stop here.
    config.beforeRedirect?.(next, details, previous)
    guarded('redirect', () => {
      call.current?.headers((details as { statusCode?: number }).statusCode)
      call.begin(nextRequest(next))
    })
  }
  return copy
}

function nextRequest(next: NextRequest): HttpClientRequest {
  const headers = new AxiosHeaders(next.headers as Headers)
  const write = (): void => {
    next.headers = headers.toJSON()
  }
  const request = axiosRequest(String(next.method ?? 'GET'), String(next.href), headers)
  return {
    ...request,
    setHeader: (name, value) => {
      request.setHeader(name, value)
      write()
    },
    removeHeader: (name) => {
      request.removeHeader(name)
      write()
    },
  }
}

function axiosRequest(method: string, url: string, headers: Headers): HttpClientRequest {
  return {
    method,
    url,
    header: (name) => {
      const value = headers.get(name)
      return value === undefined || value === null ? undefined : String(value)
    },
    setHeader: (name, value) => void headers.set(name, value),
    removeHeader: (name) => void headers.delete(name),
  }
}
