"""A disposal leaves nothing of a recording in the library but its digests and the reasons, on both databases."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bodyworn.bootstrap import Library
from bodyworn.custody.checkpoint import CheckpointVerifier
from bodyworn.domain.actor import Actor
from bodyworn.domain.codec import Json
from bodyworn.domain.encounter_facts import FactKind
from bodyworn.domain.errors import Code, Conflict, Denied, InputError, NotFound
from bodyworn.domain.event import Tag, now, stamp
from bodyworn.domain.event_details import FindingsMade, RedactionChanged
from bodyworn.domain.progress import no_progress
from bodyworn.domain.recording import Recording
from bodyworn.domain.retention import Disposal, DisposalItem, DisposalState, RetentionState
from bodyworn.encounters.statements import Statement
from bodyworn.engine.artifact_store import ArtifactStore
from bodyworn.engine.stage import Artifact
from bodyworn.releases.service import RenderedClip
from bodyworn.retention.certificate import as_text
from bodyworn.retention.certificate_check import check_certificate
from bodyworn.retention.erasing import remove_rows
from bodyworn.retention.ledger import RetentionLedger
from bodyworn.retention.rules import parse_rules
from bodyworn.storage.tables import metadata
from tests.domain.test_release import REQUEST
from tests.makers.cameras import filmed
from tests.stores import PostgresStore, Store

#: A word that stands nowhere else.
CANARY = "Quetzalcoatl"
NONE = dict.fromkeys(("tracks", "regions", "sound_spans", "kept", "needs_review"), 0)
RULES = b"""
[[rules]]
category = "*"
outcome = "warning"
days = 30
basis = "Policy 4.12"
checked_by = "A. Counsel"
checked_on = 2026-02-01
counted_from = "recorded"

[[rules]]
category = "*"
outcome = "arrest"
days = 36500
basis = "Policy 4.13"
checked_by = "A. Counsel"
checked_on = 2026-02-01
"""


def by(library: Library, who: str) -> Library:
    return library.acting(Actor(f"os:{who}", "station-3", "local"))


def filled(library: Library, tmp_path: Path, name: str = CANARY, after_s: float = 0.0) -> Recording:
    """A recording whose original, sidecar, transcript, still, facts, plan and draft of a release hold the canary."""
    one = filmed(library, name, after_s=after_s, outcome="warning", reason=f"because of {name}")
    still = tmp_path / "still.jpg"
    still.write_bytes(b"\xff\xd8" + name.encode() + b"\x00pixels")
    kept = ArtifactStore(library.objects).keep(Artifact("transcript", {"text": f"I am {name}"}, {"still": still}))
    result: dict[str, Json] = {
        "key": f"{int(one.sha256[:15], 16):064x}",
        "recording_id": one.id,
        "stage": "transcript",
        "made_by": "a test",
        "params": json.dumps({"prompt": name}),
        "artefact": kept.digest,
        "made_at": stamp(now()),
    }
    made = FindingsMade("transcript", "a test", str(result["key"]), kept.objects)
    redaction = f"red_{one.sha256[:16]}"
    plan = library.objects.put_bytes(f"hide {name}".encode()).sha256
    who: dict[str, Json] = {"made_at": stamp(now()), "made_by": "os:ana"}
    opened: dict[str, Json] = {"id": redaction, "recording_id": one.id, **who}
    version: dict[str, Json] = {
        "id": f"{redaction}.1",
        "redaction_id": redaction,
        "version": 1,
        "plan_sha256": plan,
        **who,
    }
    version |= {"change": json.dumps({"kind": "imported", "added": [name]}), "counts": json.dumps(NONE)}
    log = library.audit_log
    with library.database.write() as transaction:
        log.add_row(transaction, Tag.FINDINGS_MADE, one.id, "results", result, made)
        log.add_row(transaction, Tag.REDACTION_IMPORTED, redaction, "redactions", opened, RedactionChanged(one.id))
        detail = RedactionChanged(plan_sha256=plan, version=1, objects=(plan,))
        log.add_row(transaction, Tag.REDACTION_IMPORTED, redaction, "redaction_plans", version, detail)
    library.encounters.edit(library.encounters.get(one.id), [Statement(FactKind.PLACE, f"{name} Road")], f"as {name}")
    clip = tmp_path / "clip.mp4"
    clip.write_bytes(f"a clip of {name}".encode())
    library.releases.make(one, RenderedClip(clip, f"plan {name}".encode(), 0, 100), replace(REQUEST, caption=name))
    return one


def approved(library: Library, *recordings: Recording) -> Disposal:
    disposal = by(library, "ana").disposals.propose(recordings, parse_rules(RULES), RULES)
    by(library, "bo").disposals.approve(disposal)
    return by(library, "cy").disposals.approve(disposal)


def where_it_is_found(library: Library, store: Store, word: str) -> list[str]:
    """Files of the library, tables, and statistics of the server that hold the word."""
    found = [
        str(path.relative_to(library.folder))
        for path in library.folder.rglob("*")
        if path.is_file() and word.encode() in path.read_bytes()
    ]
    if isinstance(store, PostgresStore):
        for table in metadata.sorted_tables:
            rows = store.rows(library.folder, f"SELECT t::text FROM {table.name} t")
            found += [table.name for (row,) in rows if word in str(row)]
        statistics = store.rows(library.folder, "SELECT tablename, attname, s::text FROM pg_stats s")
        found += [f"statistics of {table}.{column}" for table, column, row in statistics if word in str(row)]
    return found


@pytest.fixture
def library(new_library: Callable[..., Library]) -> Library:
    return new_library()


def test_after_a_disposal_no_byte_of_it_is_left_and_the_record_verifies(
    library: Library, store: Store, tmp_path: Path
) -> None:
    one, other = filled(library, tmp_path), filled(library, tmp_path, "Other", after_s=9)
    assert len(where_it_is_found(library, store, CANARY)) > 5, "it must be there before, or the test proves nothing"
    before = len(library.audit_log.newest(1000))
    disposal = by(library, "dee").disposals.carry_out(approved(library, one))
    assert disposal.state is DisposalState.DONE
    assert where_it_is_found(library, store, CANARY) == []
    report = library.verify(no_progress)
    assert (report.faults, report.unreferenced) == ((), ())
    assert len(library.audit_log.newest(1000)) > before, "rows of the audit log stay"
    assert [each.id for each in library.recordings.list()] == [other.id]
    assert library.releases.list()[0].recording_id == other.id
    assert library.encounters.facts(library.encounters.get(other.id)).of(FactKind.PLACE)[0].value == "Other Road"
    (left,) = library.recordings.tombstones()
    assert (left.recording, left.sha256, left.rule.basis, left.disposal) == (
        one.id,
        one.sha256,
        "Policy 4.12",
        disposal.id,
    )


def test_every_id_of_it_is_answered_by_one_true_sentence_and_it_is_not_taken_in_again(
    library: Library, tmp_path: Path
) -> None:
    one = filled(library, tmp_path)
    release, redaction = library.releases.list()[0].id, library.redactions.list()[0].id
    original = tmp_path / "again.wav"
    original.write_bytes(library.recordings.file_of(one).read_bytes())
    disposal = library.disposals.carry_out(approved(library, one))
    asked: dict[str, Callable[[], object]] = {
        one.id: lambda: library.recordings.get(one.id),
        one.sha256: lambda: library.recordings.get(one.sha256),
        one.id[4:14]: lambda: library.encounters.get(one.id[4:14]),
        redaction: lambda: library.redactions.get(redaction),
        release: lambda: library.releases.get(release),
    }
    for text, ask in asked.items():
        with pytest.raises(NotFound, match=rf"was disposed of.* on 20.*Policy 4.12.*{disposal.id}") as told:
            ask()
        assert told.value.code is Code.DISPOSED, text
    with pytest.raises(InputError):  # the bytes are no media, and are refused before
        library.recordings.ingest(original)
    assert library.recordings.list() == []


def test_a_hold_wins_at_every_step_and_the_rules_count_again_after_it(library: Library, tmp_path: Path) -> None:
    one = filled(library, tmp_path)
    disposal = approved(library, one)
    hold = by(library, "judge").holds.place(library.encounters.get(one.id).id, "Case 26-11", "District court")
    (entry,) = library.retention.plan(parse_rules(RULES))
    assert entry.state is RetentionState.HELD
    assert "District court: Case 26-11" in entry.because
    with pytest.raises(Denied, match="under legal hold"):
        library.disposals.carry_out(disposal)
    with pytest.raises(Denied, match="under legal hold"):
        library.disposals.propose([one], parse_rules(RULES), RULES)
    assert library.recordings.get(one.id) == one
    with pytest.raises(InputError, match="the reason to end the hold"):
        library.holds.release(hold, " ")
    library.holds.release(hold, "The case is closed")
    with pytest.raises(Conflict, match="released before"):
        library.holds.release(hold, "again")
    assert library.disposals.carry_out(disposal).state is DisposalState.DONE
    assert library.verify(no_progress).faults == ()


def test_two_different_people_approve_and_nothing_goes_before(library: Library, tmp_path: Path) -> None:
    one = filled(library, tmp_path)
    disposal = library.disposals.propose([one], parse_rules(RULES), RULES)
    for who in ("bo", "bo"):
        with pytest.raises(Denied, match="cannot be carried out now"):
            library.disposals.carry_out(disposal)
        if disposal.approvals:
            with pytest.raises(Denied, match="bo has approved"):
                by(library, who).disposals.approve(disposal)
        else:
            disposal = by(library, who).disposals.approve(disposal)
    withdrawn = library.disposals.withdraw(disposal, "asked to wait")
    with pytest.raises(Denied, match="is withdrawn"):
        by(library, "cy").disposals.approve(withdrawn)
    assert library.recordings.get(one.id) == one


def test_a_hold_on_an_encounter_keeps_what_is_split_off_and_what_is_joined_later(library: Library) -> None:
    one, two, three = (filmed(library, name, after_s=at) for name, at in (("a", 0), ("b", 1), ("c", 2)))
    joined = library.encounters.join([library.encounters.get(each.id) for each in (one, two)], "one call")
    library.holds.place(joined.id, "Case 26-11", "District court")
    library.encounters.split(joined, [two.id], "another call")
    library.encounters.join([library.encounters.get(each.id) for each in (one, three)], "one call")
    states = {each.recording: each.state for each in library.retention.plan(parse_rules(RULES))}
    assert states == dict.fromkeys((one.id, two.id, three.id), RetentionState.HELD)


def test_what_was_stated_later_keeps_a_recording_that_was_approved_to_go(library: Library, tmp_path: Path) -> None:
    one = filled(library, tmp_path)
    disposal = approved(library, one)
    library.encounters.edit(library.encounters.get(one.id), [Statement(FactKind.OUTCOME, "arrest")], "the report")
    with pytest.raises(Denied, match="is kept until"):
        library.disposals.carry_out(disposal)
    library.encounters.edit(library.encounters.get(one.id), [Statement(FactKind.OUTCOME, "release")], "the report")
    (entry,) = library.retention.plan(parse_rules(RULES))
    assert entry.state is RetentionState.NOT_COVERED
    assert "what no rule covers is kept" in entry.because


def test_the_certificate_is_proved_by_the_signed_log_and_a_changed_one_is_not(library: Library, tmp_path: Path) -> None:
    one = filled(library, tmp_path)
    disposal = library.disposals.carry_out(approved(library, one))
    certificate = library.disposals.certificate(disposal)
    key = CheckpointVerifier.parse(library.verifier)
    check_certificate(certificate, key)
    text = as_text(certificate)
    assert CANARY not in text + certificate.statement
    for needed in (one.sha256, one.sha512, "os:bo", "os:cy", "Policy 4.12", disposal.id):
        assert needed in text
    forged = replace(certificate, statement=certificate.statement.replace("os:bo", "os:by"))
    with pytest.raises(ValueError, match="not the one that the audit log holds"):
        check_certificate(forged, key)


def test_a_file_that_another_recording_needs_too_stays_until_the_last_one_goes(
    library: Library, tmp_path: Path
) -> None:
    one, other = filled(library, tmp_path), filled(library, tmp_path, "Other", after_s=9)
    shared = library.objects.put_bytes(b"a mapping that both used").sha256
    for each in (one, other):
        detail = FindingsMade("probe", "a test", each.sha256, (shared,))
        library.audit_log.append(Tag.FINDINGS_MADE, each.id, detail)
    library.disposals.carry_out(approved(library, one))
    assert library.objects.path(shared).is_file()
    assert library.verify(no_progress).faults == ()
    library.disposals.carry_out(approved(library, other))
    assert not library.objects.path(shared).exists()
    assert library.verify(no_progress).faults == ()


KILLED_AT = (
    pytest.param("remove_rows", marks=pytest.mark.slow),
    "remove_files",
    pytest.param("scrub", marks=pytest.mark.slow),
    pytest.param("statement", marks=pytest.mark.slow),
)


@pytest.mark.parametrize("where", KILLED_AT)
def test_a_disposal_that_is_killed_is_completed_by_the_next_run(
    library: Library, store: Store, tmp_path: Path, where: str
) -> None:
    """The child is killed (SIGKILL) right after that step; after the rows are gone no command finds the recording."""
    one = filled(library, tmp_path)
    disposal = approved(library, one)
    script = f"""
import os, signal
from pathlib import Path
from bodyworn.bootstrap import open_library
from bodyworn.retention import certificate, disposals
from bodyworn.storage.databases.base import Database
def killing(act):
    def run(*given, **named):
        act(*given, **named)
        os.kill(os.getpid(), signal.SIGKILL)
    return run
where = {where!r}
if where == "scrub":
    Database.scrub = killing(Database.scrub)
elif where == "statement":
    certificate.statement_of = killing(certificate.statement_of)
else:
    setattr(disposals, where, killing(getattr(disposals, where)))
with open_library(Path({os.fspath(library.folder)!r})) as library:
    library.disposals.carry_out(library.disposals.get({disposal.id!r}))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, timeout=120, check=False)
    assert done.returncode == -9, done.stderr.decode()
    assert library.verify(no_progress).faults == ()
    begun = library.disposals.get(disposal.id)
    if where == "remove_rows":  # killed inside the transaction: all is there
        assert begun.state is DisposalState.APPROVED
        assert library.recordings.check(library.recordings.get(one.id)) is None
    else:
        assert begun.state is DisposalState.BEGUN
        assert library.recordings.list() == []
    assert library.disposals.carry_out(begun).state is DisposalState.DONE
    assert library.disposals.carry_out(begun).state is DisposalState.DONE, "once more changes nothing"
    assert where_it_is_found(library, store, CANARY) == []
    assert library.verify(no_progress).faults == ()


def test_a_file_that_vanishes_without_a_disposal_is_still_a_fault(library: Library, tmp_path: Path) -> None:
    one, other = filled(library, tmp_path), filled(library, tmp_path, "Other", after_s=9)
    library.disposals.carry_out(approved(library, one))
    library.objects.remove(other.sha256)
    assert [fault.rule.value for fault in library.verify(no_progress).faults] == ["stored-file"]


def test_the_same_file_is_not_taken_in_again(library: Library, tmp_path: Path, clip: Path) -> None:
    one = library.recordings.ingest(clip)
    library.encounters.edit(library.encounters.get(one.id), [Statement(FactKind.OUTCOME, "warning")], "the report")
    rules = parse_rules(RULES)
    with pytest.raises(Denied, match="is kept until"):
        library.disposals.propose([one], rules, RULES)
    disposal = disposal_of(library, one)
    with library.database.write() as transaction:  # as if it had come in long ago
        remove_rows(transaction, library.audit_log, disposal, [item_of(one)], keeps_published=True)
    with pytest.raises(InputError, match=r"clip\.mp4: it is not taken in again, for rec_.* was disposed of"):
        library.recordings.ingest(clip)
    assert library.recordings.list() == []


def item_of(one: Recording) -> DisposalItem:
    return DisposalItem(one.id, one.sha256, parse_rules(RULES).rules[0], one.taken_in_at)


def disposal_of(library: Library, one: Recording) -> str:
    return RetentionLedger(library.database, library.audit_log).propose("0" * 64, [item_of(one)]).id
