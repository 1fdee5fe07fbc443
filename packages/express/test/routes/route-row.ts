import type express from 'express'

/** A line of Express, as far as it is written differently. */
export interface ExpressLine {
  readonly name: string
  readonly express: typeof express
  /** The path of everything below another one: `/files/*path`, `/files/*`. */
  readonly below: (path: string) => string
  /** How a mount that is the regular expression `/^\/v\d+/` is told; `undefined` where it cannot be. */
  readonly regexpMount: string | undefined
}

/** One request, and the route that its span must have. */
export interface RouteRow {
  readonly build: (app: express.Express, line: ExpressLine) => void
  /** The target, after its method if that is not GET. */
  readonly target: string
  /** `undefined`: none. */
  readonly route: string | undefined | ((line: ExpressLine) => string | undefined)
  /** Default: 200. */
  readonly status?: number
}

/** Answers 200. */
export const answer: express.RequestHandler = (_req, res) => void res.send('ok')

/** Leaves the request to what comes next. */
export const pass: express.RequestHandler = (_req, _res, next) => next()

/** Throws. */
export const fail: express.RequestHandler = () => {
  throw new Error('failed')
}
