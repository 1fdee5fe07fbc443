const { startTracing } = require('@callchain/sdk')
const { tracing } = require('@callchain/express')
const express = require('express')

startTracing({ serviceName: 'orders' })
const app = express()
app.use(tracing())

app.get('/orders/:id', (req, res) => res.json({ order: req.params.id }))
app.listen(Number(process.env.PORT ?? 3000))
