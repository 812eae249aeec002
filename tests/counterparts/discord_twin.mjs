// A stateful Discord that no one here wrote: npm's `discord-digital-twin`, on loopback, with one channel and one person.
// Prints where it listens and who is there; then does what each line of its standard input asks, and prints the outcome.
// It ends with its standard input. node discord_twin.mjs PORT; run in the folder where node_modules is.
import { createInterface } from 'node:readline'

const { DigitalDiscord } = await import(`${process.cwd()}/node_modules/discord-digital-twin/dist/index.js`)

const discord = new DigitalDiscord({
  guild: { name: 'Larkspur Home' },
  channels: [{ name: 'support', type: 0 }],
  users: [{ username: 'dana' }],
})
await discord.start()
const person = await discord.prisma.user.findFirst({ where: { bot: false } })
const channel = await discord.prisma.channel.findFirst({ where: { name: 'support' } })
console.log(
  JSON.stringify({
    url: discord.restUrl.replace(/\/api$/, ''),
    token: discord.botToken,
    application: discord.botUserId,
    guild: discord.guildId,
    person: person.id,
    channel: channel.id,
  }),
)

const asked = {
  slash: (args) => discord.simulateSlashCommand(args),
  press: (args) => discord.simulateButtonClick(args),
  modal: (args) => discord.simulateModalSubmit(args),
  messages: ({ channelId }) => discord.channel(channelId).getMessages(),
  commands: () => discord.prisma.applicationCommand.findMany(),
  // Somebody else has answered it; and it is as if it had never been.
  answered: ({ id }) =>
    discord.prisma.interactionResponse.update({ where: { interactionId: id }, data: { acknowledged: true, type: 5 } }),
  forget: ({ id }) => discord.prisma.interactionResponse.delete({ where: { interactionId: id } }),
  answer: ({ id }) => discord.prisma.interactionResponse.findFirst({ where: { interactionId: id } }),
}
for await (const line of createInterface({ input: process.stdin })) {
  const { ask, ...args } = JSON.parse(line)
  try {
    console.log(JSON.stringify((await asked[ask](args)) ?? null))
  } catch (error) {
    console.log(JSON.stringify({ error: String(error) }))
  }
}
await discord.stop()
process.exit(0)
