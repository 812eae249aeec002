"""A minimal app with Slack's own slack_bolt, the asynchronous one: it acknowledges /claim with a short text. Measured
beside our HTTP door. python slack_bolt_app.py PORT SIGNING_SECRET"""

import logging
import sys

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult

port, signing_secret = int(sys.argv[1]), sys.argv[2]
logging.basicConfig(level=logging.ERROR)


async def authorize(enterprise_id, team_id, user_id):
    """As an app for one workspace does, without asking Slack at each request."""
    return AuthorizeResult(
        enterprise_id=enterprise_id,
        team_id=team_id,
        bot_token="xoxb-bench",
        bot_id="B0BENCH",
        bot_user_id="U0BENCH",
    )


app = AsyncApp(signing_secret=signing_secret, authorize=authorize)


@app.command("/claim")
async def claim(ack):
    await ack("L-1 is yours already; you claimed it just now.")


app.server(port=port, path="/slack/commands", host="127.0.0.1").start()
