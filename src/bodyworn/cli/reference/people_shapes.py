"""What the JSON of the commands about people holds, key by key."""

from __future__ import annotations

from collections.abc import Mapping

from bodyworn.cli.reference.json_shape import JsonShape

ACCOUNT = {
    "id": "ID of the account, as events name it: `account:` and the name the person signs in with",
    "name": "the person's name",
    "roles": "what the person does",
    "units": "where; `*` is every unit",
    "duties": "tasks that build a wall",
    "state": "active, disabled, or disabled for want of use",
    "used_at": "when a session was opened last, or null",
}
INVITATION = {
    "account": "ID of the account",
    "code": "the code, which is told this once; null where none was made",
    "until": "when it stops working; null where none was made",
}
RESTRICTION = {
    "recording": "ID of the recording",
    "categories": "juvenile, medical, internal_affairs, privileged; empty where none stands any more",
    "admitted": "IDs of the accounts that may see it",
    "steps": "act (place, lift, admit, dismiss), subject, why, by and at of each",
}
PEOPLE_SHAPES: Mapping[str, JsonShape] = {
    "restrictions place": JsonShape("the restriction.", RESTRICTION),
    "restrictions lift": JsonShape("the restriction.", RESTRICTION),
    "restrictions admit": JsonShape("the restriction.", RESTRICTION),
    "restrictions dismiss": JsonShape("the restriction.", RESTRICTION),
    "restrictions list": JsonShape("each restriction.", RESTRICTION, lines=True),
    "people add": JsonShape("the invitation.", INVITATION),
    "people invite": JsonShape("the invitation.", INVITATION),
    "people recover": JsonShape("the invitation, where the recovery was approved.", INVITATION),
    "people list": JsonShape("each account.", ACCOUNT, lines=True),
    "people role": JsonShape("the account.", ACCOUNT),
    "people disable": JsonShape("the account.", ACCOUNT),
    "people enable": JsonShape("the account.", ACCOUNT),
    "people link": JsonShape("the account.", ACCOUNT),
    "people unlink": JsonShape("the account.", ACCOUNT),
    "people explain": JsonShape(
        "the answer.",
        {
            "account": "ID of the account",
            "action": "what is to be done",
            "description": "the action in a sentence",
            "thing": "ID of what it is done to, or the noun",
            "allowed": "true or false",
            "because": "why, in a sentence",
            "needs_proof": "whether it takes a sign-in within the last 10 minutes",
        },
    ),
    "login": JsonShape(
        "the session.",
        {
            "account": "ID of the account",
            "session": "what events call the session; it opens nothing",
            "recovery_codes": "codes for a lost telephone, told once when the account was set up",
        },
    ),
}
