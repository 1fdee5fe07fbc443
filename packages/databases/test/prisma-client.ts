import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PrismaPg } from '@prisma/adapter-pg'
import { type GetPrismaClientConfig, getPrismaClient } from '@prisma/client/runtime/client'
import type pg from 'pg'

interface Customers {
  findMany(args: { where: object; select: object }): Promise<unknown[]>
  create(args: { data: object }): Promise<unknown>
}

/** A Prisma client of one model, `Customer`. */
export interface PrismaClient {
  readonly customer: Customers
  $transaction(run: (within: PrismaClient) => Promise<unknown>): Promise<unknown>
  $disconnect(): Promise<void>
}

/**
 * Makes a Prisma client on a pool. `prisma-client.json` is what `prisma generate` writes into the
 * client: the generator itself wants a binary that no package registry has, so its output is kept.
 */
export async function makePrismaClient(pool: pg.Pool): Promise<PrismaClient> {
  const generated = JSON.parse(await readFile(join(__dirname, 'prisma-client.json'), 'utf8'))
  const Client = getPrismaClient({ ...generated, compilerWasm }) as unknown as new (options: {
    adapter: PrismaPg
    transactionOptions: { maxWait: number; timeout: number }
  }) => PrismaClient
  // On a busy machine a transaction may have to wait longer for the one connection than the two seconds
  // that Prisma gives it.
  const transactionOptions = { maxWait: 120_000, timeout: 120_000 }
  return new Client({ adapter: new PrismaPg(pool), transactionOptions })
}

// TypeScript has no types of these, nor of WebAssembly without those of a browser.
const compiler = '@prisma/client/runtime/query_compiler_small_bg.postgresql'
const { WebAssembly } = globalThis as unknown as {
  WebAssembly: { Module: new (bytes: Uint8Array) => object }
}
const compilerWasm: GetPrismaClientConfig['compilerWasm'] = {
  getRuntime: async () => require(`${compiler}.js`),
  getQueryCompilerWasmModule: async () => {
    const { wasm } = require(`${compiler}.wasm-base64.js`)
    return new WebAssembly.Module(Buffer.from(wasm, 'base64'))
  },
  importName: './query_compiler_small_bg.js',
}
