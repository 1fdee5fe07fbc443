import { readFile } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { extname, join, normalize, sep } from 'node:path'
import { packageFolder } from '../settings/package-folder.ts'
import { answerBytes } from './answer.ts'
import { HttpError } from './errors.ts'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json; charset=utf-8',
}

const PAGE_HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
}

const NOT_BUILT =
  '<!doctype html><meta charset="utf-8"><title>Callchain</title><p>The page is not built yet: run <code>npm run build</code>.</p>'

/** Serves a file of the page; every other path is the page itself, which knows its deep links. */
export async function servePage(response: ServerResponse, path: string): Promise<void> {
  const folder = join(packageFolder() ?? '', 'dist', 'page')
  const isFile = extname(path) !== '' && Object.hasOwn(TYPES, extname(path))
  const file = isFile ? insideOf(folder, path) : join(folder, 'index.html')
  const body = await readFile(file).catch(() => undefined)
  if (body === undefined && isFile) throw new HttpError(404, `${path} does not exist.`)
  const isAsset = isFile && path.startsWith('/assets/')
  answerBytes(response, body ?? Buffer.from(NOT_BUILT), {
    headers: {
      ...PAGE_HEADERS,
      'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
      'cache-control': isAsset ? 'public, max-age=31536000, immutable' : 'no-cache',
    },
  })
}

function insideOf(folder: string, path: string): string {
  const file = normalize(join(folder, path))
  if (file.startsWith(folder + sep) && !path.includes('\0')) return file
  throw new HttpError(404, 'This file does not exist.')
}
