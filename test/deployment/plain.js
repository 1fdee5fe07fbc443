import { tracing } from '@callchain/express'
import express from 'express'

const app = express()
app.use(tracing())
app.get('/orders/:id', (req, res) => res.json({ order: req.params.id }))
app.listen(Number(process.env.PORT ?? 3000))
