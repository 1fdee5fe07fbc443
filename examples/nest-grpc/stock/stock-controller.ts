import { Controller } from '@nestjs/common'
import { GrpcMethod, RpcException } from '@nestjs/microservices'
import { take } from './database.ts'

const FAILED_PRECONDITION = 9

@Controller()
export class StockController {
  /** Takes what is ordered out of the stock. */
  @GrpcMethod('Stock', 'Reserve')
  async reserve({ item, quantity }: { item: string; quantity: number }) {
    const left = await take(item, quantity)
    if (left === undefined) {
      throw new RpcException({ code: FAILED_PRECONDITION, message: `too few: ${item}` })
    }
    return { item, left }
  }
}
