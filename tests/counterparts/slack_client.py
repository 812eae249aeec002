"""Delivers requests as Slack does, signed by Slack's own SDK: a list of them as JSON on standard input, and a list of what
was answered on standard output. Each: url, secret, body, seconds (the time it is signed for)."""

import json
import sys
import urllib.error
import urllib.request

from slack_sdk.signature import SignatureVerifier


def deliver(asked):
    signature = SignatureVerifier(asked["secret"]).generate_signature(
        timestamp=str(asked["seconds"]), body=asked["body"]
    )
    request = urllib.request.Request(
        asked["url"],
        data=asked["body"].encode(),
        headers={
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Slack-Request-Timestamp": str(asked["seconds"]),
            "X-Slack-Signature": signature,
        },
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return {"status": answer.status, "body": answer.read().decode()}
    except urllib.error.HTTPError as answer:
        return {"status": answer.code, "body": answer.read().decode()}


json.dump([deliver(asked) for asked in json.load(sys.stdin)], sys.stdout)
