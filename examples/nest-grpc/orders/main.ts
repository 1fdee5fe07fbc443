import 'reflect-metadata'
import { tracing } from '@callchain/express'
import { traceGrpc } from '@callchain/grpc'
import { TracingModule } from '@callchain/nest'
import { startTracing } from '@callchain/sdk'
import { Module } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { ClientsModule, Transport } from '@nestjs/microservices'
import { OrdersController } from './orders-controller.ts'

startTracing({ serviceName: 'orders' })

@Module({
  imports: [
    TracingModule.forRoot(tracing),
    ClientsModule.register([
      {
        name: 'stock',
        transport: Transport.GRPC,
        options: {
          url: process.env.STOCK_URL ?? 'localhost:50051',
          package: 'shop.v1',
          protoPath: 'stock.proto',
          channelOptions: { interceptors: [traceGrpc()] },
        },
      },
    ]),
  ],
  controllers: [OrdersController],
})
class AppModule {}

const app = await NestFactory.create(AppModule, { logger: ['error', 'warn'] })
await app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1')
process.send?.({ url: await app.getUrl() })
