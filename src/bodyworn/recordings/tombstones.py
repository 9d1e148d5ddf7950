"""Tombstones: what stays of recordings that were disposed of, and what is said where one of their ids is given."""

from __future__ import annotations

import json
from collections.abc import Sequence

from bodyworn.domain.codec import from_json
from bodyworn.domain.errors import Code, NotFound
from bodyworn.domain.retention import Tombstone
from bodyworn.storage.databases.base import Transaction
from bodyworn.storage.rows import retention as rows

#: Letters of an id that a person has to give at least; fewer name too much.
_FEWEST = 6


def tombstone(row: rows.TombstoneRow) -> Tombstone:
    """The tombstone in a row."""
    return from_json(Tombstone, json.loads(row["detail"]))


def every_tombstone(transaction: Transaction) -> Sequence[Tombstone]:
    """All tombstones, in order of when the recordings went."""
    return sorted(map(tombstone, rows.every_tombstone(transaction)), key=lambda one: (one.disposed_at, one.recording))


def named(transaction: Transaction, text: str) -> Sequence[Tombstone]:
    """Tombstones of the recordings that ``text`` names, by the beginning of an id or digest of them or of theirs."""
    start = text.lower()
    if len(start) < _FEWEST:
        return ()
    found = map(tombstone, rows.matching_tombstones(transaction, start))
    return [one for one in found if any(_begins(name, start) for name in (*one.ids, one.sha256))]


def disposed(one: Tombstone, text: str) -> NotFound:
    """The error that says in one sentence what became of what ``text`` names."""
    what = one.recording if text.lower() in one.recording or one.sha256.startswith(text.lower()) else _whole(one, text)
    of = "" if what == one.recording else f" with the recording {one.recording}"
    rule = one.rule
    why = f"by the rule for {rule.category}/{rule.outcome} ({rule.days} days, {rule.basis})"
    return NotFound(
        f"{what} was disposed of{of} on {one.disposed_at:%Y-%m-%d} {why}, in the disposal {one.disposal}",
        "Only its digests and the reasons are kept",
        Code.DISPOSED,
        disposal=one.disposal,
    )


def _whole(one: Tombstone, text: str) -> str:
    return next((name for name in one.ids if _begins(name, text.lower())), one.recording)


def _begins(name: str, start: str) -> bool:
    return name.startswith(start) or name.partition("_")[2].startswith(start)
