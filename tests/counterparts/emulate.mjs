// A Slack that no one here wrote: npm's `emulate`, on loopback, with one channel and one person. Prints where it listens,
// and ends with its standard input. node emulate.mjs PORT; run in the folder where node_modules is.
const { createEmulator } = await import(`${process.cwd()}/node_modules/emulate/dist/api.js`)

const port = Number(process.argv[2])
await createEmulator({
  service: 'slack',
  port,
  hostname: '127.0.0.1',
  seed: {
    slack: {
      team: { name: 'Larkspur Home', domain: 'larkspur' },
      users: [{ name: 'dana', real_name: 'Dana Okafor', email: 'dana@larkspurhome.example' }],
      channels: [{ name: 'support', topic: 'Customer service' }],
    },
  },
})
console.log(JSON.stringify({ url: `http://127.0.0.1:${port}` }))
process.stdin.on('end', () => process.exit(0)).resume()
