// A minimal app with Slack's own @slack/bolt: it acknowledges /claim with a short text. Measured beside our HTTP door.
// node bolt.mjs PORT SIGNING_SECRET; run in the folder where node_modules is.
import { createRequire } from 'node:module'

const { App, LogLevel } = createRequire(`${process.cwd()}/`)('@slack/bolt')

const [port, signingSecret] = process.argv.slice(2)
const app = new App({
  signingSecret,
  endpoints: '/slack/commands',
  logLevel: LogLevel.ERROR,
  // As an app for one workspace does, without asking Slack at each request.
  authorize: async () => ({ botToken: 'xoxb-bench', botId: 'B0BENCH', botUserId: 'U0BENCH' }),
})
app.command('/claim', async ({ ack }) => {
  await ack('L-1 is yours already; you claimed it just now.')
})
await app.start({ host: '127.0.0.1', port: Number(port) })
