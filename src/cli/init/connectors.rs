//! The part of the main file that shows every connector, behind `#`.

pub(super) const CONNECTORS: &str = r##"# Connectors: where mentions come from. Take away the # before what you need; give each a name of its own.

# A script of invented mentions, to try things out; without `script` the bundled sample.
# [[connector]]
# kind = "scripted"
# name = "rehearsal"
# script = "rehearsal.jsonl"
# speed = 1.0

# An RSS, Atom or JSON feed: a review site, a forum, the trade press.
# [[connector]]
# kind = "feed"
# name = "trade-press"
# url = "https://news.example/feed.xml"
# network = "feed"
# every_minutes = 15
# timeout_seconds = 20
# allow_private = false

# Mentions and direct messages of an account on Mastodon, GoToSocial, Pleroma, Akkoma, Pixelfed, Friendica. The token:
# switchboard connect mastodon https://social.example
# [[connector]]
# kind = "mastodon"
# name = "mastodon"
# server = "https://social.example"
# access_token = { file = "mastodon.token" }
# network = "mastodon"
# poll_every = "30s"
# streaming = true
# # http:// beyond this machine and private addresses?
# allow_http = false

# Reddit: the account's inbox and mentions, subreddits by keyword, replies. docs/networks/reddit.md says where the secrets come from.
# [[connector]]
# kind = "reddit"
# name = "reddit"
# client_id = { env = "REDDIT_CLIENT_ID" }
# client_secret = { env = "REDDIT_CLIENT_SECRET" }
# refresh_token = { env = "REDDIT_REFRESH_TOKEN" }
# user_agent = "server:com.example.switchboard:v1 (by /u/your_account)"
# inbox = true
# subreddits = ["lamps"]
# # Whole words and phrases in any case, one of which a subreddit's post or comment must hold.
# keywords = ["larkspur home"]
# every_seconds = 60

# YouTube: comments on the channel's videos, and answers below them. docs/networks/youtube.md says where the secrets come from.
# [[connector]]
# kind = "youtube"
# name = "youtube"
# client_id = { env = "YOUTUBE_CLIENT_ID" }
# client_secret = { env = "YOUTUBE_CLIENT_SECRET" }
# refresh_token = { env = "YOUTUBE_REFRESH_TOKEN" }
# # Also what YouTube holds back until the channel allows it.
# held_for_review = false
# every_seconds = 60
# # Units a day: a poll costs one or two, a reply fifty.
# daily_units = 10000

# An account on Bluesky: its mentions, replies and quotes, and answers to them. docs/networks/bluesky.md
# [[connector]]
# kind = "bluesky"
# name = "bluesky"
# handle = "larkspur.bsky.social"
# # An app password, never the account's own: Settings, Privacy and security, App passwords.
# app_password = { env = "BLUESKY_APP_PASSWORD" }
# server = "https://bsky.social"
# poll_every = "30s"

# Every public post on Bluesky that matches a query, without an account. docs/networks/jetstream.md
# [[connector]]
# kind = "jetstream"
# name = "overheard"
# listen = "larkspur OR @larkspur.example"
# hosts = ["wss://jetstream2.us-east.bsky.network", "wss://jetstream1.us-west.bsky.network"]
# # What names this account is left to its own connector above.
# account = "did:plc:gykrsojarshdnwx3k7bvxjf2"

# A webhook for a listening tool or an automation: it posts to http://ADDRESS/hooks/listening-tool.
# [[connector]]
# kind = "webhook"
# name = "listening-tool"
# path = "/hooks/listening-tool"
# # Where in the body the items are, as a JSON pointer, and which place of an item fills which field.
# items = "/data"
# mapping = { id = "/id", text = "/content", author = "/user/handle", created = "/published_at" }
# defaults = { network = "x" }
# # How the sender proves who it is: hmac, standard (Standard Webhooks), timestamped, or token.
# scheme = { kind = "hmac", header = "X-Signature", prefix = "sha256=", secrets = [{ env = "LISTENING_TOOL_SECRET" }] }
"##;
