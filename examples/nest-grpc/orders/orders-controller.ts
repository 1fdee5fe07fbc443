import { tenant } from '@callchain/core'
import {
  type CanActivate,
  ConflictException,
  Controller,
  Inject,
  Injectable,
  Param,
  Post,
  UseGuards,
} from '@nestjs/common'
import type { ClientGrpc } from '@nestjs/microservices'
import { catchError, type Observable } from 'rxjs'

interface Stock {
  reserve(request: { item: string; quantity: number }): Observable<{ item: string; left: number }>
}

const FAILED_PRECONDITION = 9

/** Says whose request it is: real applications read it off their session or token. */
@Injectable()
class TenantGuard implements CanActivate {
  canActivate(): boolean {
    return tenant.set('acme')
  }
}

@Controller('orders')
@UseGuards(TenantGuard)
export class OrdersController {
  private readonly stock: Stock

  constructor(@Inject('stock') client: ClientGrpc) {
    this.stock = client.getService<Stock>('Stock')
  }

  /** Orders one item. */
  @Post(':item')
  order(@Param('item') item: string): Observable<{ item: string; left: number }> {
    return this.stock.reserve({ item, quantity: 1 }).pipe(
      catchError((error: { code?: number; details?: string }) => {
        if (error.code === FAILED_PRECONDITION) throw new ConflictException(error.details)
        throw error
      }),
    )
  }
}
