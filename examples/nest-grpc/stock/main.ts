import 'reflect-metadata'
import { traceGrpcServer, tracing } from '@callchain/grpc'
import { startTracing } from '@callchain/sdk'
import type { Server } from '@grpc/grpc-js'
import { Module } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { type GrpcOptions, Transport } from '@nestjs/microservices'
import { StockController } from './stock-controller.ts'

startTracing({ serviceName: 'stock' })

@Module({ controllers: [StockController] })
class AppModule {}

const url = process.env.STOCK_URL ?? 'localhost:50051'
const app = await NestFactory.createMicroservice<GrpcOptions>(AppModule, {
  logger: ['error', 'warn'],
  transport: Transport.GRPC,
  options: {
    url,
    package: 'shop.v1',
    protoPath: 'stock.proto',
    channelOptions: { interceptors: [tracing()] },
    onLoadPackageDefinition: (_, server: Server) => void traceGrpcServer(server),
  },
})
await app.listen()
process.send?.({ url })
