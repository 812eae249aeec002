"""Reads messages and views as JSON lines and lets Slack's own library (slack_sdk) judge every part of them.

A line is {"message": {"text", "blocks"}} or {"view": {...}}. Ends with 1 and a line for each complaint. The library leaves
out what it does not know with no more than a warning; here that is a complaint too, and so is any key that it drops.
"""

import json
import logging
import sys
import warnings

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.basic_objects import JsonObject
from slack_sdk.models.blocks import Block, BlockElement
from slack_sdk.models.blocks.basic_components import ConfirmObject, Option, TextObject
from slack_sdk.models.views import View

complaints = []


class Complain(logging.Handler):
    def emit(self, record):
        complaints.append(record.getMessage()[:300])


logging.getLogger("slack_sdk").addHandler(Complain())
warnings.simplefilter("error")

BLOCKS = {"header", "section", "context", "actions", "image", "input", "rich_text"}
TEXTS = {"plain_text", "mrkdwn"}


def judge(part, what):
    """Validates one object of the library, and sees to it that nothing of `what` was lost on the way."""
    if not isinstance(part, JsonObject):
        complaints.append(f"the library does not know {str(what)[:200]}")
        return
    part.validate_json()
    kept = part.to_dict()
    for key in what:
        # Two keys that the library validates and keeps elsewhere.
        if key not in kept and what[key] not in (None, [], ""):
            complaints.append(f"{what.get('type')}.{key} is not known to the library")


def walk(value, in_block=False):
    if isinstance(value, list):
        for one in value:
            walk(one, in_block)
    elif isinstance(value, dict):
        kind = value.get("type")
        if kind in BLOCKS and not in_block:
            judge(Block.parse(value), value)
            in_block = True
        elif kind in TEXTS:
            judge(TextObject.parse(value), value)
        elif isinstance(kind, str):
            judge(BlockElement.parse(value), value)
        for option in value.get("options", []):
            Option(**option).to_dict("block")
        if "title" in value.get("confirm", {}):
            judge(ConfirmObject.parse(value["confirm"]), value["confirm"])
        for key, one in value.items():
            if key not in ("dispatch_action_config", "slack_file", "style"):
                walk(one, in_block)


def main():
    accepted = 0
    for number, line in enumerate(sys.stdin, 1):
        before = len(complaints)
        try:
            given = json.loads(line)
            if "message" in given:
                assert isinstance(given["message"]["text"], str) and given["message"]["text"]
                walk(given["message"]["blocks"])
            else:
                view = View(**given["view"])
                judge(view, given["view"])
                walk(given["view"]["blocks"])
        except (SlackObjectFormationError, AssertionError, TypeError, KeyError, ValueError) as error:
            complaints.append(f"{type(error).__name__}: {error}")
        for complaint in complaints[before:]:
            print(f"line {number}: {complaint}", file=sys.stderr)
        accepted += len(complaints) == before
    print(f"{accepted} accepted")
    sys.exit(1 if complaints else 0)


main()
