"""What the JSON of the commands of retention, holds and disposals holds, key by key."""

from __future__ import annotations

from collections.abc import Mapping

from bodyworn.cli.reference.json_shape import JsonShape

HOLD = {
    "id": "ID of the hold",
    "subject": "ID of the recording or encounter",
    "recordings": "IDs of the recordings that it had when the hold was placed",
    "reason": "why it must be kept",
    "holder": "for whom",
    "by": "who placed it: account and stated_name",
    "at": "when, ISO 8601 in UTC",
    "released": "by, at and why, or null while it stands",
}
DISPOSAL = {
    "id": "ID of the disposal",
    "rules_sha256": "of the rules file, which is stored",
    "items": "recording, sha256, rule and due_at of each recording",
    "by": "who proposed it: account and stated_name",
    "at": "when, ISO 8601 in UTC",
    "steps": "act (approve, withdraw, begin, finish), by, at and note of each step",
    "state": "proposed, half_approved, approved, begun, done or withdrawn",
}
RETENTION_SHAPES: Mapping[str, JsonShape] = {
    "retention check": JsonShape(
        "the rules.",
        {
            "rules": "each rule: category, outcome, days, basis, checked_by, checked_on; counted_from unless ingested",
            "published": "what becomes of published copies, or null where nothing is said",
            "sha256": "of the rules file",
            "remarks": "what the rules leave open, in sentences",
        },
    ),
    "retention plan": JsonShape(
        "each recording, those that would go first.",
        {
            "recording": "ID of the recording",
            "name": "name of its file",
            "sha256": "of its original",
            "state": "due (it would go), held, not_yet or not_covered",
            "because": "why, in a sentence",
            "due_at": "when it is due, or null",
            "rule": "the rule that counts, or null",
            "holds": "IDs of the holds that keep it",
            "notes": "what a person should know before it goes",
            "goes": "what would go with it: rows by table, files, bytes",
        },
        lines=True,
    ),
    "holds place": JsonShape("the hold.", HOLD),
    "holds release": JsonShape("the hold.", HOLD),
    "holds list": JsonShape("each hold.", HOLD, lines=True),
    "disposals propose": JsonShape("the disposal.", DISPOSAL),
    "disposals approve": JsonShape("the disposal.", DISPOSAL),
    "disposals withdraw": JsonShape("the disposal.", DISPOSAL),
    "disposals execute": JsonShape("the disposal.", DISPOSAL),
    "disposals list": JsonShape("each disposal.", DISPOSAL, lines=True),
    "disposals show": JsonShape(
        "the disposal.", {**DISPOSAL, "tombstones": "what stays of each recording: digests, ids, rule, counts"}
    ),
    "disposals certificate": JsonShape(
        "the certificate.",
        {
            "schema": "`https://bodyworn.org/schema/disposal-1.json`",
            "statement": "canonical JSON of what was done, as text; its SHA-256 stands in the audit log",
            "proof": "body and prev of that entry, path to the checkpoint (RFC 6962), the signed checkpoint",
            "key": "the public key of the audit log that signed the checkpoint",
        },
    ),
}
