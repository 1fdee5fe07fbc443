import cluster from 'node:cluster'

if (cluster.isPrimary) {
  for (let count = 0; count < 2; count++) cluster.fork()
  process.once('SIGTERM', () => {
    for (const worker of Object.values(cluster.workers)) worker.process.kill('SIGTERM')
  })
} else {
  await import('./server.js')
}
