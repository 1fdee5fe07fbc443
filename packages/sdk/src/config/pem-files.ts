import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import type { Environment } from './environment.ts'

/** Reads PEM files that variables name; what is not one gets a warning, and is left out. */
export interface PemFiles {
  certificates(name: string): string | undefined
  privateKey(name: string): string | undefined
}

/** A reader of the files that `environment` names. */
export function pemFiles(environment: Environment): PemFiles {
  const read = (name: string, what: string, check: (pem: string) => void): string | undefined => {
    const path = environment.text(name)
    if (path === undefined) return undefined
    let pem: string
    try {
      pem = readFileSync(path, 'utf8')
    } catch {
      environment.reject(name, path, 'a readable file', 'none')
      return undefined
    }
    try {
      check(pem)
      return pem
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      environment.reject(name, path, `a PEM file with ${what} (${why})`, 'none')
      return undefined
    }
  }
  return {
    certificates: (name) => read(name, 'certificates', checkCertificates),
    privateKey: (name) => read(name, 'a private key without a passphrase', createPrivateKey),
  }
}

/** Why `cert` and `key` cannot be used together; undefined when they can. */
export function keyMismatch(cert: string, key: string): string | undefined {
  try {
    createSecureContext({ cert, key })
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

// Node itself takes a file without a certificate for an empty list of them.
function checkCertificates(pem: string): void {
  const found = pem.match(
    /-----BEGIN [A-Z ]*CERTIFICATE-----[\s\S]*?-----END [A-Z ]*CERTIFICATE-----/g,
  )
  if (found === null) throw new Error('it contains no certificate')
  for (const one of found) new X509Certificate(one)
}
