from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from typing import cast

import pytest
from sqlalchemy import event as sqlalchemy_event

from bodyworn.bootstrap import Library
from bodyworn.custody import merkle
from bodyworn.custody.writing import NewEvent
from bodyworn.domain.actor import Actor
from bodyworn.domain.codec import JsonObject
from bodyworn.domain.errors import CustodyError
from bodyworn.domain.event import Event, Outcome, Tag, stamp
from bodyworn.domain.event_details import Viewed
from bodyworn.domain.progress import no_progress
from bodyworn.storage.databases.base import Transaction
from bodyworn.storage.rows import audit
from bodyworn.storage.rows.audit import EventFilter
from tests.stores import LATER_TABLES, Store, dropped


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


def test_events_of_several_people_at_once_are_rows_of_their_own_under_one_signature(library: Library) -> None:
    people = [Actor(f"os:{name}", "desk", "web", session=name) for name in ("ana", "bo")]
    news = [NewEvent(people[n % 2], Tag.RECORDING_VIEWED, f"rec_{n}", Viewed(how="opened")) for n in range(600)]
    signed: list[str] = []
    sqlalchemy_event.listen(
        library.database._engine,
        "before_cursor_execute",
        lambda _c, _cursor, statement, *_: signed.append(statement) if "UPDATE audit_head" in statement else None,
    )
    written = library.audit_log.append_each(news)
    assert len(signed) == 1
    events = list(reversed(library.audit_log.newest(600)))
    assert [(event.seq, event.actor, event.session, event.object) for event in events] == [
        (n + 2, f"os:{('ana', 'bo')[n % 2]}", ("ana", "bo")[n % 2], f"rec_{n}") for n in range(600)
    ]
    assert [event.seq for event in written] == [event.seq for event in events]
    assert [event.object for event, _ in library.audit_log.about("rec_7")] == ["rec_7"]
    assert library.audit_log.seal() is not None  # by the roots of the subtrees that became full within
    assert library.verify(no_progress).holds


def test_of_events_at_once_either_all_are_written_or_none(library: Library) -> None:
    ana = Actor("os:ana", "desk", "web")
    whole, without_form = {"how": "opened"}, cast(JsonObject, {"how": object()})
    news = [NewEvent(ana, Tag.RECORDING_VIEWED, "rec_a", detail) for detail in (whole, without_form)]
    with pytest.raises(TypeError):
        library.audit_log.append_each(news)
    assert library.audit_log.newest(1)[0].tag == Tag.LIBRARY_CREATED
    library.audit_log.append_each(news[:1])
    assert library.verify(no_progress).holds


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


def number_of(event: Event) -> int:
    """Which of the events of :func:`filled` it is; a library begins with one."""
    return event.seq - 2


def filled(library: Library, count: int) -> None:
    """``count`` more events, in one transaction."""
    with library.database.write() as transaction:
        for number in range(count):
            tag = Tag.RECORDING_VIEWED if number % 3 else Tag.AUDIT_LOG_VIEWED
            library.audit_log.append(tag, f"rec_{number % 5}", within=transaction)


def test_events_about_an_object_come_oldest_first_and_in_pages(library: Library) -> None:
    filled(library, 40)
    every = [number_of(event) for event, _ in library.audit_log.about("rec_2")]
    assert every == [2, 7, 12, 17, 22, 27, 32, 37]
    page = library.audit_log.about("rec_2", count=3)
    assert [number_of(event) for event, _ in page] == [27, 32, 37]
    older = library.audit_log.about("rec_2", count=3, before=page[0][0].seq)
    assert [number_of(event) for event, _ in older] == [12, 17, 22]
    with library.database.read() as transaction:
        hashes = {row.seq: row.hash.hex() for row in audit.rows(transaction)}
    assert all(hashes[event.seq] == digest for event, digest in page)
    assert library.audit_log.about("rec_") == [], "an id is not found by its beginning"


def test_events_are_found_by_tag_actor_and_time(library: Library) -> None:
    filled(library, 9)
    made = EventFilter(tag=Tag.AUDIT_LOG_VIEWED)
    newest = library.audit_log.newest(2, made)
    assert [number_of(event) for event in newest] == [6, 3]
    assert [number_of(event) for event in library.audit_log.newest(2, made.page_before(newest[-1].seq))] == [0]
    assert len(library.audit_log.newest(99, EventFilter(actor=library.audit_log.actor.id))) == 10
    assert library.audit_log.newest(99, EventFilter(actor="os:another")) == []
    first, last = library.audit_log.newest(99)[-1], library.audit_log.newest(1)[0]
    since = EventFilter(since=stamp(first.at), until=stamp(last.at + timedelta(milliseconds=1)))
    assert len(library.audit_log.newest(99, since)) == 10
    assert library.audit_log.newest(99, EventFilter(until=stamp(first.at))) == []


def test_the_newest_event_of_a_tag_about_an_object_is_found(library: Library) -> None:
    filled(library, 40)
    assert library.audit_log.find(Tag.AUDIT_LOG_VIEWED, "rec_0").seq == 32
    with pytest.raises(CustodyError, match=r"no release\.made of rec_0"):
        library.audit_log.find(Tag.RELEASE_MADE, "rec_0")


def test_looking_up_uses_the_index(library: Library, store: Store) -> None:
    if store.name == "postgres":
        return  # its planner reads a table this small as a whole, with good reason
    filled(library, 10)
    asked: list[str] = []
    with library.database.read() as transaction:
        sqlalchemy_event.listen(transaction, "before_cursor_execute", lambda *told: asked.append(told[2]))
        audit.newest(transaction, 5, EventFilter(object="rec_1"))
        plan = transaction.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked[0]}", ("rec_1", 5, 0)).fetchall()
    steps = [str(row[3]) for row in plan]
    assert any("ix_audit_index_object_seq" in step for step in steps)
    assert not any(step.startswith("SCAN") for step in steps)


def test_a_seal_reads_a_few_hundred_hashes_of_a_long_log(library: Library) -> None:
    filled(library, 700)
    library.audit_log.append(Tag.RECORDING_VIEWED, "rec_x")
    with library.database.read() as transaction:
        stored = Counting(transaction)
        root = merkle.stored_root(stored, 702)
        leaves = audit.hashes(transaction, 0, 0, 702)
    assert root == merkle.subtree_root(leaves)
    assert stored.read_in_all == 2 + 702 % 256
    assert library.audit_log.seal() is not None
    assert library.verify(no_progress, note=False).sealed == 702


class Counting:
    """Stored hashes that count how many are read."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction, self.read_in_all = transaction, 0

    def read(self, level: int, start: int, stop: int) -> list[bytes]:
        found = audit.hashes(self._transaction, level, start, stop)
        self.read_in_all += len(found)
        return found


def test_every_event_of_a_long_log_can_be_proven(library: Library) -> None:
    filled(library, 600)
    with library.database.read() as transaction:
        rows = list(audit.rows(transaction))
    for seq in (1, 255, 256, 257, 512, 513, 601):
        checkpoint, proof = library.audit_log.proof(seq)
        assert merkle.is_included(rows[seq - 1].hash, seq - 1, 601, proof, checkpoint.root)
    with pytest.raises(CustodyError):
        library.audit_log.proof(602)


def test_the_index_of_an_older_library_is_filled_as_appending_would_have(library: Library, store: Store) -> None:
    filled(library, 600)
    subtrees, index = "SELECT * FROM audit_subtrees ORDER BY level, position", "SELECT * FROM audit_index ORDER BY seq"
    before = store.rows(library.folder, subtrees), store.rows(library.folder, index)
    ((head,),) = store.rows(library.folder, "SELECT note FROM audit_head")
    migration = import_module("bodyworn.storage.migrations.versions.0004_audit_index")
    library.database.close()
    store.tamper(
        library.folder,
        [
            "DROP TABLE audit_index",
            "DROP TABLE audit_subtrees",
            *dropped(LATER_TABLES),
            ("UPDATE alembic_version SET version_num = %s", (migration.down_revision,)),
        ],
    )
    library.database.migrate()
    store.tamper(library.folder, [("INSERT INTO audit_head VALUES (1, %s)", (head,))])
    assert (store.rows(library.folder, subtrees), store.rows(library.folder, index)) == before
    assert len(before[0]) == 2
    assert library.verify(no_progress, note=False).holds


def test_a_log_with_a_gap_is_not_sealed(library: Library, store: Store) -> None:
    filled(library, 10)
    store.tamper(library.folder, ["DELETE FROM audit WHERE seq = 9"])
    with pytest.raises(CustodyError, match=r"row 10 does not follow"):
        library.audit_log.seal()
    library.audit_log.hold_back()  # so that leaving the library does not try again
