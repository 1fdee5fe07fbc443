export const intro = `# What tracing costs, and what the viewer can take

Every number here is written by the run that measured it. Below each heading is when that was, by
which command and on which machine. Compare within a table: absolute numbers are those of one machine
on one day.

What tracing adds is measured as CPU time, in microseconds: (CPU used by the process with tracing − CPU
used without) ÷ operations. It is read with \`process.cpuUsage()\` in that process: user and system time
of all its threads, up to and with the export of the last span.

- Every variant runs in its own process. What calls it, what it calls, and the collector that
  receives the spans have their own processes as well. All talk over the loopback.
- Each round begins with fresh processes, which run next to each other: each is warmed up, then they take
  turns, so that a busy moment of the machine slows all of them in the same way.
- What is added is taken within a round, against the untraced process of that round. The tables show
  the median of the rounds.
- The collector counts the spans. A variant fails the run when their number differs from what is due
  by more than one in a hundred, and an unsampled variant when it exports any.
- *Added µs* is what tracing adds to one operation, and *lowest to highest* the rounds between which
  that varied. *× no tracing* compares the whole operation with the untraced one, and *added, × …* what
  is added with what the named variant adds.`

export const outro = `## Run it again

From a checkout, after \`npm install\` and \`npm run build\`:

\`\`\`sh
npm install --prefix benchmarks
npm run bench --prefix benchmarks                       # everything
npm run bench --prefix benchmarks -- --only clients     # one section; the others stay as they are
node scripts/database-servers.js npm run bench --prefix benchmarks -- --only databases
\`\`\`

The sections are \`server\`, \`pipes\`, \`newer\`, \`growth\`, \`span\`, \`context\`, \`clients\`, \`databases\`, \`in-memory\`, \`messages\`, \`logs\`, \`exit\`, \`start-up\`, \`viewer\` and \`checks\`. \`databases\` uses the
Postgres that \`DATABASE_URL\` names, which \`scripts/database-servers.js\` starts, or else the embedded
one. \`viewer\` draws in the Chromium that \`CHROMIUM\` names, \`/usr/bin/chromium\` by default, and skips
that part if there is none.

\`--quick\` only tries out that everything works. \`--peers all\` adds dd-trace and @sentry/node to the
requests. \`--subjects\` (express, koa, fastify, node, hono, nest, fetch, undici, got, ky,
axios, agent, pg, kafkajs-send and the like), \`--variants\`, \`--rounds\`,
\`--turns\`, \`--requests\`, \`--warmup\` and \`--connections\` choose what runs and how much of it. \`--json
FILE\` keeps every sample, and \`--cpu-prof DIR\` a CPU profile of every measured process. \`--node\` is
the Node that the measured processes run on: a path, or a line such as 24, which npm brings. Only whole
sections get onto this page; with \`--page FILE\` any run writes one.`
