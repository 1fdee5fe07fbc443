import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const NAME = '@callchain/viewer'

/** The folder of this package, where the page lies; undefined when the code has been bundled away from it. */
export function packageFolder(): string | undefined {
  let folder = ownFolder()
  while (folder !== undefined && !isOurs(folder)) {
    const parent = dirname(folder)
    folder = parent === folder ? undefined : parent
  }
  return folder
}

/** Neither `__dirname` nor `import.meta` is there in both builds; the call stack knows the file in either. */
function ownFolder(): string | undefined {
  if (typeof __dirname === 'string') return __dirname
  const { prepareStackTrace } = Error
  try {
    Error.prepareStackTrace = (_, [site]) => site?.getFileName()
    const url: unknown = new Error('where is this file?').stack
    return typeof url === 'string' ? dirname(fileURLToPath(url)) : undefined
  } finally {
    Error.prepareStackTrace = prepareStackTrace
  }
}

function isOurs(folder: string): boolean {
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    return (
      typeof manifest === 'object' && manifest !== null && Reflect.get(manifest, 'name') === NAME
    )
  } catch {
    return false
  }
}
