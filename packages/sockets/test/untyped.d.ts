declare module 'ws8.0' {
  import type { WebSocketServer } from 'ws'

  const WebSocket: { readonly Server: typeof WebSocketServer }

  // biome-ignore lint/style/noDefaultExport: it is what ws has.
  export { WebSocket as default }
}

declare module 'socket.io4.0' {
  export { Server } from 'socket.io'
}

declare module 'express-ws' {
  import type { Express } from 'express'
  import type { WebSocket, WebSocketServer } from 'ws'

  function expressWs(app: Express): {
    readonly app: Express & { ws(path: string, listener: (socket: WebSocket) => void): void }
    getWss(): WebSocketServer
  }

  // biome-ignore lint/style/noDefaultExport: it is what express-ws has.
  export { expressWs as default }
}
