import { type NestInterceptor, UseInterceptors } from '@nestjs/common'
import type { ModulesContainer } from '@nestjs/core'

/** On a class that `@WebSocketGateway()` has marked. */
const GATEWAY = 'websockets:is_gateway'

const noted = new WeakSet<object>()

interface WithMetadata {
  hasMetadata?(key: unknown, target: object): boolean
}

/** Has what gateways throw noted: global interceptors are not asked in them before Nest 12, and filters never. */
export function noteInGateways(modules: ModulesContainer, interceptor: NestInterceptor): void {
  const { hasMetadata } = Reflect as WithMetadata
  for (const { providers } of modules.values()) {
    for (const { metatype } of providers.values()) {
      if (typeof metatype !== 'function' || noted.has(metatype)) continue
      if (hasMetadata?.(GATEWAY, metatype) !== true) continue
      noted.add(metatype)
      UseInterceptors(interceptor)(metatype)
    }
  }
}
