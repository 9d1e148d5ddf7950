"""What finds entries of the audit log and seals it without reading it all: an index, and roots of full subtrees.

Both follow from the rows of ``audit``, which stay as they are; they are filled here for the rows of older libraries.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BATCH = 1000
SUBTREE = 256


def upgrade() -> None:
    index = op.create_table(
        "audit_index",
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", sa.String(24), nullable=False, index=True),
        sa.Column("tag", sa.Text, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("object", sa.Text, nullable=False),
    )
    for name in ("object", "tag", "actor"):
        op.create_index(f"ix_audit_index_{name}_seq", "audit_index", [name, "seq"])
    subtrees = op.create_table(
        "audit_subtrees",
        sa.Column("level", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("hash", sa.LargeBinary(32), nullable=False),
    )
    rows = op.get_bind().execute(
        sa.text("SELECT seq, at, body, hash FROM audit ORDER BY seq"), execution_options={"yield_per": BATCH}
    )
    levels = [_Level()]
    for batch in rows.partitions():
        op.bulk_insert(index, [_entry(row.seq, row.at, row.body) for row in batch])
        for row in batch:
            for number, position, root in _full_with(levels, bytes(row.hash)):
                op.bulk_insert(subtrees, [{"level": number, "position": position, "hash": root}])


def _entry(seq: int, at: object, body: object) -> dict[str, object]:
    """What a row is found by; nothing where its body cannot be read, which verification reports."""
    try:
        event = json.loads(bytes(body) if isinstance(body, bytes | memoryview) else str(body))
        found = {name: str(event[name]) for name in ("tag", "actor", "object")}
    except (ValueError, KeyError, TypeError, RecursionError):
        found = {"tag": "", "actor": "", "object": ""}
    return {"seq": seq, "at": str(at), **found}


class _Level:
    """Hashes of one level whose subtree is not full yet, and how many subtrees were full before."""

    def __init__(self) -> None:
        self.waiting: list[bytes] = []
        self.full = 0


def _full_with(levels: list[_Level], leaf: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Level, position and root of each subtree that is full with this leaf."""
    number, carry = 0, leaf
    while True:
        here = levels[number]
        here.waiting.append(carry)
        if len(here.waiting) < SUBTREE:
            return
        carry = _root(here.waiting)
        number += 1
        yield number, here.full, carry
        here.waiting, here.full = [], here.full + 1
        if number == len(levels):
            levels.append(_Level())


def _root(hashes: list[bytes]) -> bytes:
    """Root of a full subtree of RFC 6962."""
    while len(hashes) > 1:
        pairs = zip(hashes[::2], hashes[1::2], strict=True)
        hashes = [hashlib.sha256(b"\x01" + left + right).digest() for left, right in pairs]
    return hashes[0]
