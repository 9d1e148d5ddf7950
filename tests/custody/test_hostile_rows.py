"""Whatever lies in the rows, verification ends with a report that names it: no fault hides behind a crash."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import rfc8785

from bodyworn import bootstrap
from bodyworn.bootstrap import open_library
from bodyworn.custody import merkle
from bodyworn.custody.rules import Rule
from bodyworn.domain.errors import BodywornError, CustodyError
from bodyworn.domain.progress import no_progress
from bodyworn.findings import plan
from tests.engine.fake_stages import FAST
from tests.makers.libraries import analyzed, with_quick_stages
from tests.stores import Store

DEEP = b"[" * 200_000 + b"]" * 200_000


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory, store: Store) -> Path:
    folder = tmp_path_factory.mktemp("sealed")
    store.prepare(folder / "library")
    with with_quick_stages(), bootstrap.open_library(folder / "library", create=True) as library:
        analyzed(library, folder)
    return folder / "library"


@pytest.fixture
def folder(sealed: Path, tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(plan, "STAGES", FAST)
    yield store.copy(sealed, tmp_path / "library")
    store.forget(tmp_path)


def rules(folder: Path) -> set[Rule]:
    with open_library(folder, examine=True) as library:
        return {fault.rule for fault in library.verify(no_progress).faults}


def put(folder: Path, store: Store, seq: int, body: bytes) -> None:
    """Give a row another body, with a hash that fits it."""
    ((prev,),) = store.rows(folder, f"SELECT prev FROM audit WHERE seq = {seq}")
    digest = merkle.leaf_hash(bytes(prev) + body)  # type: ignore[call-overload]
    store.tamper(folder, [("UPDATE audit SET body = %s, hash = %s WHERE seq = %s", (body, digest, seq))])


def body_with(folder: Path, store: Store, seq: int, detail: object) -> bytes:
    ((body,),) = store.rows(folder, f"SELECT body FROM audit WHERE seq = {seq}")
    return rfc8785.dumps({**json.loads(bytes(body)), "detail": detail})  # type: ignore[call-overload, dict-item]


@pytest.mark.parametrize("seq", [1, 2, 4])
@pytest.mark.parametrize(
    "body",
    [
        DEEP,
        b'{"detail":' + DEEP + b"}",
        b"",
        b"\xff\xfe",
        b"null",
        b'"\\ud800"',
        b'{"detail":{},"seq":1e999}',
        b'{"detail":{},"seq":' + b"9" * 5000 + b"}",
        b'{"detail":{"objects":["\\ud800"]}}',
    ],
    ids=["deep", "deep inside", "empty", "not text", "null", "half a sign", "endless", "long number", "half an object"],
)
def test_a_body_that_is_none(folder: Path, store: Store, seq: int, body: bytes) -> None:
    put(folder, store, seq, body)
    assert Rule.BODY in rules(folder)


@pytest.mark.parametrize(
    "detail",
    [
        {"objects": [1, None]},
        {"objects": ["../../../../etc/passwd"]},
        {"objects": "ab"},
        {"objects": {"a": 1}},
        {"objects": 5},
        {"objects": [["a"]]},
        {"evidence": {"recordings/rec_x": 5}},
        {"evidence": ["recordings/rec_x"]},
        {"evidence": None},
        [],
        None,
        "text",
    ],
    ids=json.dumps,
)
def test_a_detail_of_another_form(folder: Path, store: Store, detail: object) -> None:
    put(folder, store, 3, body_with(folder, store, 3, detail))
    assert Rule.BODY in rules(folder)


def test_other_faults_are_named_beside_it(folder: Path, store: Store) -> None:
    with open_library(folder) as library:
        original = library.recordings.file_of(library.recordings.list()[0])
    original.unlink()
    put(folder, store, 4, DEEP)
    assert {Rule.BODY, Rule.STORED_FILE, Rule.CHAIN} <= rules(folder)


def test_looking_at_the_log_says_which_row_cannot_be_read(folder: Path, store: Store) -> None:
    put(folder, store, 3, DEEP)
    with open_library(folder) as library:
        library.audit_log.hold_back()
        with pytest.raises(CustodyError, match="row 3 of the audit log cannot be read"):
            library.audit_log.newest(10)


@pytest.mark.parametrize(
    "facts",
    [
        "[" * 200_000 + "]" * 200_000,
        '{"a":' * 200_000 + "1" + "}" * 200_000,
        "",
        "null",
        "[]",
        "5",
        '{"duration_ms":"x"}',
        "{",
    ],
    ids=["deep list", "deep object", "empty", "null", "list", "number", "wrong", "half"],
)
def test_facts_that_are_none_are_said_in_one_sentence(folder: Path, store: Store, facts: str) -> None:
    store.tamper(folder, [("UPDATE recordings SET facts = %s", (facts,))])
    assert Rule.STORED_ROW in rules(folder)
    with open_library(folder) as library, pytest.raises(CustodyError, match="the facts of the recording rec_"):
        library.recordings.list()


def test_a_form_of_the_tables_that_was_removed(folder: Path, store: Store) -> None:
    for change in ("DELETE FROM alembic_version", "DROP TABLE alembic_version"):
        store.tamper(folder, [change])
        with pytest.raises(CustodyError, match="does not say which form"):
            open_library(folder)
        with pytest.raises(CustodyError, match="does not say which form"):
            open_library(folder, examine=True)


@pytest.mark.parametrize("form", ["0000", "abc", "-1", "0004.5"])
def test_a_form_of_the_tables_that_no_version_had(folder: Path, store: Store, form: str) -> None:
    store.tamper(folder, [("UPDATE alembic_version SET version_num = %s", (form,))])
    with pytest.raises(CustodyError, match="does not say which form"):
        open_library(folder)


class TestSqlite:
    """What only a file can have."""

    def test_an_empty_file_is_no_new_library(self, folder: Path, store: Store) -> None:
        if store.name != "sqlite":
            return
        for data in (b"", None):
            (folder / "library.db").write_bytes(data) if data is not None else (folder / "library.db").unlink()
            for create in (True, False):
                with pytest.raises(CustodyError, match="is gone"):
                    open_library(folder, create=create)
            assert rules(folder) == {Rule.EMPTIED}
            assert not (folder / "library.db").exists() or (folder / "library.db").read_bytes() == b""

    def test_no_corrupted_page_goes_unsaid(self, folder: Path, store: Store) -> None:
        """Each page in turn, also those of indexes that nothing here looks at."""
        if store.name != "sqlite":
            return
        path = folder / "library.db"
        whole = path.read_bytes()
        said = []
        for page in range(1, len(whole) // 4096):
            start = page * 4096
            path.write_bytes(whole[:start] + b"\xaa" * 4096 + whole[start + 4096 :])
            try:
                said.append(bool(rules(folder)))
            except BodywornError:
                said.append(True)
            for left in ("library.db-wal", "library.db-shm"):
                (folder / left).unlink(missing_ok=True)
        assert len(said) > 20
        assert all(said)
