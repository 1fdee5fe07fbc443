import { readdirSync, readFileSync } from 'node:fs'

/** Where keys are made that several copies of a package share; the recorder and the viewer import none of us. */
const places = {
  core: 'src/otel/shared-keys.ts',
  recorder: 'src/tracer/suppressed.ts',
  viewer: 'src/public/create-trace-store.ts',
}

const KEY = /\b(?:Symbol\.for|createContextKey)\(\s*[`'"](?:callchain|OpenTelemetry)/g

/** The keys that stand somewhere else than in the one file for them, one sentence each. */
export function checkSharedKeys({ name, folder }) {
  return readdirSync(`${folder}/src`, { recursive: true })
    .map((file) => `src/${file.replaceAll('\\', '/')}`)
    .filter((file) => /\.tsx?$/.test(file) && file !== places[name])
    .flatMap((file) =>
      [...readFileSync(`${folder}/${file}`, 'utf8').matchAll(KEY)].map(
        ([key]) =>
          `packages/${name}/${file}: ${key}… belongs in packages/core/${places.core}, with the major version in its name`,
      ),
    )
}
