"""Changes made by hand are found on both databases, and the fault names its rule and its row."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import rfc8785

from bodyworn import bootstrap
from bodyworn.bootstrap import Library
from bodyworn.custody import merkle
from bodyworn.custody.rules import RULES, Fault, Rule
from bodyworn.domain.progress import no_progress
from bodyworn.findings import plan
from tests.engine.fake_stages import FAST
from tests.makers.libraries import analyzed, with_quick_stages
from tests.stores import Store


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory, store: Store) -> Path:
    """Folder of a library with one analyzed recording and a corrected role."""
    folder = tmp_path_factory.mktemp("sealed")
    store.prepare(folder / "library")
    with with_quick_stages(), bootstrap.open_library(folder / "library", create=True) as library:
        library.findings.correct_role(analyzed(library, folder), "S2", "dispatch")
    return folder / "library"


@pytest.fixture
def library(sealed: Path, tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[Library]:
    """A copy of that library to tamper with."""
    monkeypatch.setattr(plan, "STAGES", FAST)
    with bootstrap.open_library(store.copy(sealed, tmp_path / "library")) as library:
        assert library.verify(no_progress, note=False).holds
        yield library
    store.forget(tmp_path)


def tampered(library: Library, store: Store, *statements: str) -> list[Fault]:
    """The faults after somebody with the database and without the program changed it."""
    store.tamper(library.folder, statements)
    return found(library)


def found(library: Library) -> list[Fault]:
    return list(library.verify(no_progress, note=False).faults)


def test_a_row_that_was_edited(library: Library, store: Store) -> None:
    ((body,),) = store.rows(library.folder, "SELECT body FROM audit WHERE seq = 3")
    edited = bytes(body).replace(b"os:", b"no:")  # type: ignore[call-overload]
    store.tamper(library.folder, [("UPDATE audit SET body = %s WHERE seq = 3", (edited,))])
    assert [(fault.rule, fault.row) for fault in found(library)] == [(Rule.HASH, 3)]


def test_the_time_beside_the_body(library: Library, store: Store) -> None:
    edit = "UPDATE audit SET at = '2020-01-01T00:00:00.000Z' WHERE seq = 2"
    assert [(fault.rule, fault.row) for fault in tampered(library, store, edit)] == [(Rule.BODY, 2)]


def test_a_row_that_was_removed(library: Library, store: Store) -> None:
    faults = {(fault.rule, fault.row) for fault in tampered(library, store, "DELETE FROM audit WHERE seq = 3")}
    assert {(Rule.NUMBERS, 4), (Rule.CHAIN, 4)} <= faults


def test_rows_that_changed_places(library: Library, store: Store) -> None:
    swap = [f"UPDATE audit SET seq = {new} WHERE seq = {old}" for old, new in ((2, 99), (3, 2), (99, 3))]
    faults = {(fault.rule, fault.row) for fault in tampered(library, store, *swap)}
    assert {(Rule.BODY, 2), (Rule.BODY, 3), (Rule.CHAIN, 2), (Rule.CHAIN, 3)} <= faults


def test_a_cut_tail(library: Library, store: Store) -> None:
    faults = tampered(library, store, "DELETE FROM audit WHERE seq > (SELECT max(seq) - 1 FROM audit)")
    assert Rule.TAIL in {fault.rule for fault in faults}
    assert "newest were cut off" in str(next(fault for fault in faults if fault.rule is Rule.TAIL))


def test_a_record_that_was_written_anew(library: Library, store: Store) -> None:
    """The chain holds again, but the signed checkpoints do not fit."""
    prev, anew = bytes(32), []
    for seq, text in store.rows(library.folder, "SELECT seq, body FROM audit ORDER BY seq"):
        body = rfc8785.dumps({**json.loads(bytes(text)), "actor": "os:somebody-else"})  # type: ignore[call-overload]
        digest = merkle.leaf_hash(prev + body)
        anew.append(("UPDATE audit SET body = %s, prev = %s, hash = %s WHERE seq = %s", (body, prev, digest, seq)))
        prev = digest
    store.tamper(library.folder, anew)
    faults = found(library)
    assert {fault.rule for fault in faults} == {Rule.CHECKPOINT, Rule.NEWEST}
    assert "rewritten" in faults[0].what


def test_an_emptied_log(library: Library, store: Store) -> None:
    empty = "TRUNCATE audit" if store.name == "postgres" else "DELETE FROM audit"
    rules = {fault.rule for fault in tampered(library, store, empty)}
    assert {Rule.EMPTIED, Rule.TAIL} <= rules


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit_index SET object = 'rec_other' WHERE seq = 3",
        "DELETE FROM audit_index WHERE seq = 3",
        "INSERT INTO audit_index (seq, at, tag, actor, object) VALUES (999, '', '', '', '')",
        "INSERT INTO audit_subtrees (level, position, hash) SELECT 1, 0, hash FROM audit WHERE seq = 1",
    ],
)
def test_an_index_that_was_changed(library: Library, store: Store, change: str) -> None:
    """Who hides an entry from the pages that look it up is found; the entries themselves still hold."""
    assert [fault.rule for fault in tampered(library, store, change)] == [Rule.LOG_INDEX]


def test_a_checkpoint_that_was_changed(library: Library) -> None:
    path = next(library.audit_log.checkpoints.all())
    path.chmod(0o600)
    path.write_text(path.read_text().replace("\n", "\nx", 1))
    assert [fault.rule for fault in found(library)] == [Rule.CHECKPOINT]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("UPDATE recordings SET name = 'other.mp4'", "recordings/rec_"),
        ("UPDATE recordings SET taken_in_at = '2020-01-01T00:00:00.000Z'", "not as it was"),
        ("UPDATE results SET artefact = (SELECT artefact FROM results ORDER BY key LIMIT 1)", "results/"),
        ("DELETE FROM results WHERE stage = 'cues'", "no longer in the database"),
        ("UPDATE choices SET value = 'community'", "choices/1 is not as it was"),
        ("UPDATE recordings SET name = CAST(name AS BLOB)", "not as it was"),
        (
            "INSERT INTO choices (recording_id, name, value, chosen_at, chosen_by) "
            "SELECT recording_id, name, 'officer', chosen_at, chosen_by FROM choices",
            "no entry of the audit log speaks of it",
        ),
    ],
)
def test_a_row_of_evidence_that_was_changed_removed_or_slipped_in(
    library: Library, store: Store, change: str, words: str
) -> None:
    if "BLOB" in change and store.name == "postgres":
        change = "ALTER TABLE recordings ALTER name TYPE bytea USING convert_to(name, 'UTF8')"
    faults = tampered(library, store, change)
    assert {fault.rule for fault in faults} == {Rule.STORED_ROW}
    assert any(words in fault.what for fault in faults)


def test_a_stored_original_that_was_changed(library: Library) -> None:
    path = library.recordings.file_of(library.recordings.list()[0])
    path.chmod(0o600)
    with path.open("r+b") as file:
        file.seek(100)
        file.write(b"\x00")
    (fault,) = found(library)
    assert (fault.rule, fault.row) == (Rule.STORED_FILE, 2)
    assert path.name in fault.what
    assert "was changed" in fault.what
    (problem,) = library.recordings.verify()
    assert problem.what == "its original was changed"


def test_a_result_that_was_changed_or_is_missing(library: Library) -> None:
    recording = library.recordings.list()[0]
    artifact = library.findings.artifact(recording, "audio")
    assert artifact is not None
    artifact.files["audio.bin"].unlink()
    (fault,) = found(library)
    assert fault.rule is Rule.STORED_FILE
    assert "is missing" in fault.what


@pytest.mark.parametrize("levels", [0, 1, 2])
def test_an_original_that_was_replaced_by_a_link_to_the_same_bytes(
    library: Library, levels: int, tmp_path: Path
) -> None:
    """The file itself, or a folder on the way to it."""
    path = library.recordings.file_of(library.recordings.list()[0])
    target = [path, path.parent, path.parent.parent][levels]
    target.rename(tmp_path / "elsewhere")
    target.symlink_to(tmp_path / "elsewhere")
    faults = found(library)
    assert {fault.rule for fault in faults} == {Rule.STORED_FILE}
    assert any(path.name in fault.what and "replaced by a link" in fault.what for fault in faults)
    assert [problem.what for problem in library.recordings.verify()] == ["its original was replaced by a link"]


def test_a_folder_of_checkpoints_with_what_is_none(library: Library, tmp_path: Path) -> None:
    """A pipe is not waited for, a link not followed, nothing large is read."""
    folder = library.audit_log.checkpoints.folder
    os.mkfifo(folder / "1.txt")
    (folder / "2.txt").symlink_to("/dev/zero")
    (folder / "3.txt").mkdir()
    (folder / "4.txt").write_bytes(b"\xff" * 100)
    (folder / "5.txt").write_text("x" * 100_000)
    (folder / "6.txt").write_text(f"a\n{'9' * 5000}\nb\n\n")
    faults = found(library)
    assert [fault.rule for fault in faults] == [Rule.CHECKPOINT] * 6


def test_leftovers_are_told_but_are_no_fault(library: Library) -> None:
    stray = library.objects.put_bytes(b"left by a run that was killed")
    verdict = library.verify(no_progress, note=False)
    assert verdict.holds
    assert verdict.unreferenced == (stray.sha256,)


def test_checkpoints_that_were_taken_away_are_missed(library: Library) -> None:
    for path in library.audit_log.checkpoints.all():
        path.unlink()
    report = library.verify(no_progress, note=False)
    assert report.sealed == 0
    (fault,) = report.faults
    assert fault.rule is Rule.CHECKPOINT
    assert "the newest checkpoint" in fault.what


def test_checking_is_an_act(library: Library) -> None:
    before = library.verify(no_progress)
    assert library.verify(no_progress).rows == before.rows + 1
    assert library.audit_log.newest(1)[0].tag == "audit_log.verified"


def test_the_docs_know_every_rule() -> None:
    text = (Path(__file__).parents[2] / "docs" / "custody.md").read_text()
    for rule in Rule:
        assert f"`{rule}`" in text
        assert rule in RULES
