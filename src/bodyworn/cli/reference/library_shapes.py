"""What the JSON of the commands about a library as a whole holds."""

from __future__ import annotations

from collections.abc import Mapping

from bodyworn.cli.reference.json_shape import JsonShape

_HEAD = {"rows": "entries of the audit log that were copied", "head": "hash of the newest of them, hexadecimal"}
_DAMAGED = "SHA-256 of stored files that were not as they were, and are not in the backup"

LIBRARY_SHAPES: Mapping[str, JsonShape] = {
    "library move": JsonShape(
        "what was moved.",
        {
            "was": "kind of the former database: sqlite or postgresql",
            "now": "kind of the new one",
            **_HEAD,
            "tables": "by table: how many rows, and SHA-256 over all of them, the same in both",
        },
    ),
    "library backup": JsonShape(
        "what was backed up.",
        {
            "id": "ID of the backup",
            **_HEAD,
            "objects": "stored files that belong to it",
            "new": "those of them that were not in the place before",
            "new_bytes": "their size",
            "damaged": _DAMAGED,
            "keys": "whether the keys were backed up, in their own place",
            "agency": "whether those of the agency were backed up with them",
            "drill": "as of `library drill`, or null without `--drill`",
        },
    ),
    "library restore": JsonShape(
        "what was restored.",
        {
            "backup": "ID of the backup",
            **_HEAD,
            "objects": "stored files that were restored",
            "damaged": _DAMAGED,
            "agency": "what became of the agency's keys: none (in it), restored, there (already), others (stay)",
        },
    ),
    "library drill": JsonShape(
        "what the drill found.",
        {
            "backup": "ID of the backup",
            "made_at": "when it was made, ISO 8601 in UTC",
            **_HEAD,
            "checkpoints": "signed checkpoints that were read",
            "objects": "stored files that belong to it",
            "read": "those of them that were read",
            "keys": "whether the keys were tried",
            "agency": "whether those of the agency are with them",
            "faults": "what stands against restoring it, in words; empty where nothing does",
        },
    ),
}
