import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { answerBytes } from './answer.ts'

const STYLE = `
:root { color-scheme: light dark; --page: #f7f7f9; --surface: #fff; --line: #8b90a0; --ink: #1b1d24; --ink-2: #4a4e5a; --accent: #384fc9; --on-accent: #fff; --bad: #c02636; }
@media (prefers-color-scheme: dark) { :root { --page: #121319; --surface: #181a21; --line: #6d7283; --ink: #eceef4; --ink-2: #b9bdca; --accent: #9aabff; --on-accent: #121319; --bad: #ff8a94; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 24px 16px; background: var(--page); color: var(--ink); font: 14px/1.5 Inter, ui-sans-serif, system-ui, "Segoe UI", sans-serif; }
main { width: 100%; max-width: 480px; display: grid; gap: 14px; }
h1 { margin: 0; font-size: 20px; }
p { margin: 0; color: var(--ink-2); }
code { font: 13px ui-monospace, "SF Mono", "Cascadia Code", "DejaVu Sans Mono", monospace; color: var(--ink); overflow-wrap: anywhere; }
form { display: flex; flex-wrap: wrap; gap: 8px; align-items: end; }
label { flex: 1 1 200px; display: grid; gap: 4px; font-weight: 600; }
input, button { height: 36px; border: 1px solid var(--line); border-radius: 7px; padding: 0 12px; background: var(--surface); color: var(--ink); font: inherit; }
input { width: 100%; font-weight: 400; }
button { border-color: var(--accent); background: var(--accent); color: var(--on-accent); font-weight: 600; cursor: pointer; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.bad { color: var(--bad); }
`

const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy':
    `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; ` +
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'x-frame-options': 'DENY',
  'www-authenticate': 'Bearer',
}

/** True when a browser asks for a page: it accepts HTML by name, not only with a wildcard. */
export function wantsPage({ method, headers }: IncomingMessage): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false
  return /(?:^|[,\s])text\/html\b/i.test(headers.accept ?? '')
}

/** Answers 401 with a page that asks for the token and leads to where the user wanted to go. */
export function answerTokenPage(response: ServerResponse, url: URL): void {
  const wasGiven = url.searchParams.has('token')
  const kept = [...url.searchParams].filter(([name]) => name !== 'token')
  const fields = kept.map(
    ([name, value]) => `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`,
  )
  const body = PAGE.replace('{wrong}', wasGiven ? WRONG : '')
    // A function, since a URL may contain what looks like a replacement pattern.
    .replace('{path}', () => escaped(url.pathname.replace(/^\/+/, '/')))
    .replace('{fields}', () => fields.join(''))
  answerBytes(response, Buffer.from(body), { status: 401, headers: HEADERS })
}

const WRONG = '<p class="bad" role="alert">This is not the right token.</p>'

const PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Callchain: token</title>
<style>${STYLE}</style>
<main>
<h1>This viewer needs its token</h1>
{wrong}
<p>It was set when the viewer started, with <code>--token</code> or <code>CALLCHAIN_TOKEN</code>. This browser needs it once.</p>
<form action="{path}">
{fields}
<label>Token <input type="password" name="token" autocomplete="off" required autofocus></label>
<button>Open</button>
</form>
<p>Services that send here need it, too: <code>OTEL_EXPORTER_OTLP_HEADERS=authorization=Bearer%20&lt;token&gt;</code></p>
</main>
</html>
`

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
}
