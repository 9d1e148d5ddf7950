"""Who has a library and not the key of its log cannot rewrite it unnoticed, and the owner never signs it for them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bodyworn import bootstrap
from bodyworn.bootstrap import open_library
from bodyworn.custody import merkle
from bodyworn.custody.checkpoint import Checkpoint, CheckpointSigner
from bodyworn.custody.record_key import KeptElsewhere
from bodyworn.custody.rules import Rule, VerificationReport
from bodyworn.domain.errors import CustodyError, LibraryBusy, UnreadableInput
from bodyworn.domain.event import Tag
from bodyworn.domain.progress import no_progress
from bodyworn.findings import plan
from tests.custody.attacker import BESIDE_THE_LOG, FORGERIES, Attacker
from tests.engine.fake_stages import FAST
from tests.makers.libraries import analyzed, with_quick_stages
from tests.stores import Store


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory, store: Store) -> Path:
    """Folder of a library with one analyzed recording, left in good order after three commands."""
    folder = tmp_path_factory.mktemp("sealed")
    store.prepare(folder / "library")
    with with_quick_stages():
        with bootstrap.open_library(folder / "library", create=True) as library:
            analyzed(library, folder)
        for _ in range(2):
            with bootstrap.open_library(folder / "library") as library:
                library.recordings.listed(1)
    return folder / "library"


@pytest.fixture
def attacker(sealed: Path, tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[Attacker]:
    """Somebody at a copy of the library."""
    monkeypatch.setattr(plan, "STAGES", FAST)
    attacker = Attacker(store.copy(sealed, tmp_path / "library"), store)
    attacker.own_key()
    assert checked(attacker.folder).faults == ()
    yield attacker
    store.forget(tmp_path)


def checked(folder: Path, kept: KeptElsewhere | None = None) -> VerificationReport:
    """What ``custody verify`` finds."""
    with open_library(folder, examine=True) as library:
        return library.verify(no_progress, kept=kept or KeptElsewhere())


def rules(folder: Path) -> set[Rule]:
    return {fault.rule for fault in checked(folder).faults}


def ordinary_command(folder: Path) -> None:
    """What the owner does next: something is written, and the library is left."""
    with open_library(folder) as library:
        library.recordings.listed(1)


def name_of(one: object) -> str:
    return str(getattr(one, "__name__", one))


@pytest.mark.parametrize(("attack", "rule"), [*FORGERIES, *BESIDE_THE_LOG], ids=name_of)
def test_a_rewrite_is_found_by_its_rule(attacker: Attacker, attack: Callable[[Attacker], None], rule: Rule) -> None:
    attack(attacker)
    assert rule in rules(attacker.folder)
    assert rule in rules(attacker.folder), "and looking does not heal it"


@pytest.mark.parametrize(("attack", "rule"), FORGERIES, ids=name_of)
def test_the_next_command_of_the_owner_does_not_sign_it(
    attacker: Attacker, attack: Callable[[Attacker], None], rule: Rule
) -> None:
    attack(attacker)
    before = {path.name: path.read_bytes() for path in attacker.folder.rglob("*.txt")}
    for _ in range(2):
        with pytest.raises(CustodyError):
            ordinary_command(attacker.folder)
    assert {path.name: path.read_bytes() for path in attacker.folder.rglob("*.txt")} == before
    assert rule in rules(attacker.folder)


def test_a_log_that_does_not_hold_proves_nothing(attacker: Attacker) -> None:
    """Nothing about it is signed for a release either."""
    with open_library(attacker.folder) as library:
        checkpoint, _ = library.audit_log.proof(2)
    attacker.edit()
    with open_library(attacker.folder) as library:
        for act in (lambda: library.audit_log.proof(2), lambda: library.audit_log.signed(checkpoint)):
            with pytest.raises(CustodyError, match="does not hold"):
                act()
        library.audit_log.hold_back()


def test_only_a_checkpoint_of_this_log_is_signed(attacker: Attacker) -> None:
    with open_library(attacker.folder) as library:
        checkpoint, _ = library.audit_log.proof(2)
        assert library.audit_log.signed(checkpoint)
        for other in (replace(checkpoint, root=bytes(32)), replace(checkpoint, size=checkpoint.size + 1)):
            with pytest.raises(CustodyError):
                library.audit_log.signed(other)


class TestWhatWasKeptElsewhere:
    """The whole library as it once was, key and all, holds in itself: only what others keep tells."""

    def test_an_older_state_put_back_is_found_by_a_checkpoint(
        self, attacker: Attacker, store: Store, tmp_path: Path
    ) -> None:
        old = store.copy(attacker.folder, tmp_path / "old")
        for _ in range(5):
            ordinary_command(attacker.folder)
        kept = tmp_path / "kept.txt"
        shutil.copy(attacker.checkpoints[-1], kept)
        assert checked(attacker.folder, KeptElsewhere(checkpoints=(kept,))).holds
        assert checked(old).holds
        faults = checked(old, KeptElsewhere(checkpoints=(kept,))).faults
        assert [fault.rule for fault in faults] == [Rule.TAIL]

    def test_a_checkpoint_of_other_rows(self, attacker: Attacker, tmp_path: Path) -> None:
        kept = tmp_path / "kept.txt"
        shutil.copy(attacker.checkpoints[-1], kept)
        attacker.edit()
        faults = checked(attacker.folder, KeptElsewhere(checkpoints=(kept,))).faults
        assert any(fault.rule is Rule.CHECKPOINT and "kept.txt" in fault.what for fault in faults)

    def test_a_log_made_anew_with_another_key_is_found_by_a_key(self, attacker: Attacker, tmp_path: Path) -> None:
        kept = tmp_path / "kept.pub"
        shutil.copy(attacker.folder / "keys" / "record.pub", kept)
        assert checked(attacker.folder, KeptElsewhere(keys=(kept,))).holds
        own = attacker.own_key()
        attacker.rewrite(lambda rows: [{**rows[0], "detail": {"key": str(own.verifier), "heads": True}}, *rows[1:]])
        attacker.drop_checkpoints()
        attacker.sign_with_own()
        attacker.use(tmp_path / "mallory")
        assert checked(attacker.folder).holds, "in itself it holds"
        assert [fault.rule for fault in checked(attacker.folder, KeptElsewhere(keys=(kept,))).faults] == [Rule.KEY]

    @pytest.mark.parametrize("name", ["missing.pub", "clip.mp4"])
    def test_a_file_that_is_no_key(self, attacker: Attacker, tmp_path: Path, name: str) -> None:
        (tmp_path / "clip.mp4").write_bytes(b"\xff" * 100_000)
        with pytest.raises(UnreadableInput):
            checked(attacker.folder, KeptElsewhere(keys=(tmp_path / name,)))


class TestRotation:
    """A new key, with the signature of the one before."""

    def test_the_log_goes_on_with_the_new_key_and_both_are_its_keys(self, attacker: Attacker, tmp_path: Path) -> None:
        kept = tmp_path / "kept.pub"
        shutil.copy(attacker.folder / "keys" / "record.pub", kept)
        old = CheckpointSigner.load(attacker.folder / "keys" / "record.key")
        with open_library(attacker.folder) as library:
            library.rotate_key()
            assert library.verifier != str(old.verifier)
        ordinary_command(attacker.folder)
        report = checked(attacker.folder, KeptElsewhere(keys=(kept, attacker.folder / "keys" / "record.pub")))
        assert report.faults == ()
        assert sorted(path.name for path in (attacker.folder / "keys").iterdir()) == ["record.key", "record.pub"]

    def test_the_old_key_signs_nothing_any_more(self, attacker: Attacker) -> None:
        keys = {path: path.read_bytes() for path in (attacker.folder / "keys").iterdir()}
        old = CheckpointSigner.load(attacker.folder / "keys" / "record.key")
        with open_library(attacker.folder) as library:
            library.rotate_key()
        size, _ = attacker.newest()
        path = attacker.folder / "checkpoints" / f"{size:012d}.txt"
        path.unlink()
        path.write_text(old.sign(Checkpoint(old.name, size, merkle.subtree_root(attacker.hashes()))))
        assert Rule.CHECKPOINT in rules(attacker.folder)
        for place, data in keys.items():
            place.chmod(0o600)
            place.write_bytes(data)
        assert Rule.KEY in rules(attacker.folder)

    def test_a_rotation_that_is_cut_off_is_finished_or_has_not_been(
        self, attacker: Attacker, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Before the event the old key stays; after it the next command puts the new one in its place."""
        from bodyworn.custody import record_key

        def cut(*_: object) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as patch, open_library(attacker.folder) as library:
            patch.setattr(library.audit_log, "hand_over", cut)
            with pytest.raises(KeyboardInterrupt):
                library.rotate_key()
        assert checked(attacker.folder).holds
        with monkeypatch.context() as patch, open_library(attacker.folder) as library:
            patch.setattr(record_key, "take_next", cut)
            with pytest.raises(KeyboardInterrupt):
                library.rotate_key()
        ordinary_command(attacker.folder)
        assert checked(attacker.folder).holds
        assert sorted(path.name for path in (attacker.folder / "keys").iterdir()) == ["record.key", "record.pub"]

    def test_while_another_has_the_library_open_the_key_stays(self, attacker: Attacker) -> None:
        with open_library(attacker.folder) as other, open_library(attacker.folder) as library:
            with pytest.raises(LibraryBusy, match="open in another process"):
                library.rotate_key()
            other.audit_log.append(Tag.RECORDING_VIEWED, "rec_x")
        with open_library(attacker.folder) as library:
            library.rotate_key()
        assert checked(attacker.folder).holds

    def test_who_had_it_open_unseen_writes_nothing_with_the_former_key(self, attacker: Attacker) -> None:
        """As from another machine, over a disk without locks: a row that nobody signed would be a fault for ever."""
        with open_library(attacker.folder) as other:
            other.database.close()
            with open_library(attacker.folder) as library:
                library.rotate_key()
            with pytest.raises(CustodyError, match="was replaced since it was opened"):
                other.audit_log.append(Tag.RECORDING_VIEWED, "rec_x")
        assert checked(attacker.folder).holds
        ordinary_command(attacker.folder)
        assert checked(attacker.folder).holds

    def test_a_log_that_does_not_hold_is_handed_to_no_one(self, attacker: Attacker) -> None:
        attacker.edit()
        with pytest.raises(CustodyError, match="does not hold"), open_library(attacker.folder) as library:
            library.rotate_key()


class TestFolderOfCheckpoints:
    """It may lie elsewhere, but not without an event."""

    def test_a_move_is_an_event(self, attacker: Attacker) -> None:
        shutil.copytree(attacker.folder / "checkpoints", attacker.folder / "elsewhere")
        attacker.settings('checkpoints = "elsewhere"')
        ordinary_command(attacker.folder)
        with open_library(attacker.folder) as library:
            events = [event for event in library.audit_log.newest(5) if event.tag == Tag.AUDIT_LOG_CHECKPOINTS_MOVED]
        assert [event.detail for event in events] == [{"before": "checkpoints", "now": "elsewhere"}]
        assert checked(attacker.folder).holds

    def test_a_place_that_cannot_be_reached_stops_sealing_and_says_so(self, attacker: Attacker) -> None:
        (attacker.folder / "checkpoints").rename(attacker.folder / "unplugged")
        with pytest.raises(CustodyError, match="the newest checkpoint"):
            ordinary_command(attacker.folder)
        shutil.rmtree(attacker.folder / "checkpoints", ignore_errors=True)
        (attacker.folder / "unplugged").rename(attacker.folder / "checkpoints")
        ordinary_command(attacker.folder)
        assert checked(attacker.folder).holds


def test_a_run_that_is_killed_while_it_seals_leaves_a_log_that_holds(
    attacker: Attacker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The checkpoint is written and not yet named."""
    from bodyworn.custody.sealing import Sealing

    def cut(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Sealing, "_name", cut)
        with pytest.raises(KeyboardInterrupt):
            ordinary_command(attacker.folder)
    assert checked(attacker.folder).holds
    ordinary_command(attacker.folder)
    attacker.checkpoints[-3].unlink()
    assert rules(attacker.folder) == {Rule.CHECKPOINT}, "it counts like any other"
