"""Delivers interactions as Discord does, signed by PyNaCl: on standard input, as JSON, the seed of the key (hex), the url, and
what is delivered; on standard output the public key (hex) and a list of what was answered. Each delivery: signed (the body that
is signed), sent (the body that is sent), seconds (the time it is signed for)."""

import json
import sys
import urllib.error
import urllib.request

from nacl.signing import SigningKey


def deliver(key, url, asked):
    signed = (str(asked["seconds"]) + asked["signed"]).encode()
    request = urllib.request.Request(
        url,
        data=asked["sent"].encode(),
        headers={
            "Content-Type": "application/json",
            "X-Signature-Ed25519": key.sign(signed).signature.hex(),
            "X-Signature-Timestamp": str(asked["seconds"]),
        },
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return {"status": answer.status, "body": json.load(answer)}
    except urllib.error.HTTPError as answer:
        return {"status": answer.code, "body": None}


given = json.load(sys.stdin)
key = SigningKey(bytes.fromhex(given["seed"]))
answers = [deliver(key, given["url"], asked) for asked in given["deliveries"]]
json.dump({"public_key": key.verify_key.encode().hex(), "answers": answers}, sys.stdout)
