import { openableHost } from '../address/host.ts'
import { apiPath } from '../contract/api-path.ts'
import type { AnswerOf, LocalPath, ParametersOf } from '../contract/local-api.ts'
import { objectOf, textField } from '../model/json-fields.ts'
import { findViewer, type RunningViewer } from '../public/find-viewer.ts'
import { VERSION } from '../settings/version.ts'
import { ExitError } from './exit.ts'
import type { ViewerPlace } from './reading-options.ts'

/** A viewer that runs, to be read from. */
export interface ViewerClient {
  readonly url: string
  /** @throws ExitError with the sentence that the viewer refuses it with */
  read<Path extends LocalPath>(path: Path, parameters: ParametersOf<Path>): Promise<AnswerOf<Path>>
  /** The answer of any other path, once it is known to be good. @throws ExitError */
  ask(path: string, init?: RequestInit): Promise<Response>
}

/**
 * Finds the viewer at this place.
 *
 * @throws ExitError with a sentence that says what to start when none answers
 */
export async function connect(place: ViewerPlace): Promise<ViewerClient> {
  const running = await findViewer(place)
  if (running === undefined) throw new ExitError(1, nobodyAt(place))
  const { url } = running
  const headers: Record<string, string> =
    place.token === undefined ? {} : { authorization: `Bearer ${place.token}` }
  const ask = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const sent = { ...init, headers: { ...headers, ...Object(init.headers) } }
    const response = await fetch(url + path, sent).catch((error: unknown) => {
      throw new ExitError(1, `The viewer at ${url} stopped answering.`, { cause: error })
    })
    if (response.ok) return response
    throw new ExitError(1, await refusalOf(response, running, place))
  }
  return {
    url,
    ask,
    read: async (path, parameters) =>
      (await (await ask(apiPath(path, { ...parameters }))).json()) as never,
  }
}

/** What to do where no viewer answers. */
export function nobodyAt({ host, port }: Pick<ViewerPlace, 'host' | 'port'>): string {
  const other = port === 4318 ? '' : ` --port ${port}`
  return `No Callchain viewer runs at ${openableHost(host)}:${port}.\nStart one with: npx callchain${other}\nIf it has another port, give it with --port <number>.`
}

async function refusalOf(
  response: Response,
  { url, pid, version }: RunningViewer,
  { token }: ViewerPlace,
): Promise<string> {
  if (response.status === 401) {
    const wanted = token === undefined ? 'the token it was started with' : 'a different token'
    return `The viewer at ${url} (process ${pid}) needs ${wanted}:\ngive it with --token <text> or CALLCHAIN_TOKEN.`
  }
  const body = objectOf(await response.json().catch(() => undefined))
  const message = textField(objectOf(body.error).message)
  const isUnknown = response.status === 404 && message.endsWith(' does not exist.')
  if (isUnknown && version !== VERSION)
    return `The viewer at ${url} is version ${version} and does not know this; this command is ${VERSION}. Start it again with: npx callchain`
  return message || `The viewer at ${url} answered ${response.status}.`
}
