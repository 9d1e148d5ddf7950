from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from bodyworn.bootstrap import Library
from bodyworn.custody import merkle
from bodyworn.domain.event import Outcome, Tag
from bodyworn.domain.progress import no_progress
from bodyworn.storage.rows import audit


@pytest.fixture
def library(new_library: Callable[..., Library]) -> Library:
    return new_library()


def test_an_event_says_who_what_when_where_and_how_it_ended(library: Library) -> None:
    library.audit_log.append(Tag.ACCESS_DENIED, "rec_x", {"why": "no right"}, outcome=Outcome.DENIED)
    event = library.audit_log.newest(1)[0]
    assert (event.seq, event.tag, event.outcome, event.object) == (2, "access.denied", "denied", "rec_x")
    assert event.actor.startswith("os:")
    assert event.node
    assert event.source == "local"
    assert event.at.utcoffset() == timedelta(0)


def test_an_act_that_fails_leaves_no_event_and_the_other_way_round(library: Library) -> None:
    def act() -> None:
        with library.database.write() as transaction:
            library.audit_log.append(Tag.RECORDING_VIEWED, "rec_x", within=transaction)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        act()
    assert library.audit_log.newest(1)[0].tag == Tag.LIBRARY_CREATED


def test_one_event_can_be_proven_without_the_others(library: Library) -> None:
    for number in range(6):
        library.audit_log.append(Tag.RECORDING_VIEWED, f"rec_{number}")
    checkpoint, proof = library.audit_log.proof(4)
    with library.database.read() as transaction:
        row = list(audit.rows(transaction))[3]
    assert merkle.is_included(merkle.leaf_hash(row.prev + row.body), 3, checkpoint.size, proof, checkpoint.root)


def test_the_record_is_sealed_after_so_many_rows_and_when_the_library_is_left(library: Library) -> None:
    def sealed() -> list[str]:
        return [path.name for path in library.audit_log.checkpoints.all()]

    library.audit_log.seal()
    assert sealed() == ["000000000001.txt"]
    library.audit_log.append(Tag.RECORDING_VIEWED, "rec_x")
    library.__exit__(None, None, None)
    assert sealed() == ["000000000001.txt", "000000000002.txt"]
    assert library.verify(no_progress, note=False).checkpoints == 2
