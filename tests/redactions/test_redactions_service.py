"""Redactions of a library: kept, versioned, never lost, and written down without what they hide."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from bodyworn.bootstrap import Library, open_library
from bodyworn.domain.digest import Digest
from bodyworn.domain.errors import Conflict, CustodyError, InputError, NotFound
from bodyworn.domain.event import Event
from bodyworn.domain.recording import Recording
from bodyworn.redactions.editing import PlanEdits
from bodyworn.redactions.history import ChangeKind, PlanChange, PlanCounts, Redaction
from bodyworn.redactions.plan_files import write_plan
from bodyworn.redactions.request import RequestForm
from bodyworn.storage.tables import metadata
from tests.redactions.plans import SECRETS, plan_of, speech_stages


@pytest.fixture
def tally(tmp_path: Path) -> Path:
    return tmp_path / "tally"


@pytest.fixture
def library(new_library: Callable[..., Library], tally: Path) -> Library:
    return new_library(speech_stages(tally))


@pytest.fixture
def recording(library: Library, clip: Path) -> Recording:
    return library.recordings.ingest(clip)


@pytest.fixture
def redaction(library: Library, recording: Recording, tmp_path: Path) -> Redaction:
    write_plan(tmp_path / "plan.json", plan_of(recording, tracks=2))
    return library.redactions.import_plan(recording, tmp_path / "plan.json")


def tags(library: Library) -> list[str]:
    return [event.tag for event in reversed(library.audit_log.newest(100))]


def last(library: Library) -> Event:
    return library.audit_log.newest(1)[0]


def holds(library: Library) -> bool:
    return library.verify(lambda *_: None).holds


def test_a_recording_is_planned_and_the_plan_is_in_custody(library: Library, recording: Recording) -> None:
    made = library.redactions.plan(recording, RequestForm(classes="faces", start="0.5s", end="1.5s"))
    assert made.id.startswith("red_")
    assert made.newest.version == 1
    assert made.newest.change.kind is ChangeKind.PROPOSED
    plan = library.redactions.plan_of(made)
    assert plan.source.sha256 == recording.sha256
    assert str(plan.digest) == made.newest.plan_sha256
    assert (plan.clip.start_us, plan.clip.end_us) == (500_000, 1_500_000)
    assert library.redactions.list(recording) == (made,)
    assert holds(library)


def test_every_verb_writes_its_event(library: Library, redaction: Redaction, tmp_path: Path) -> None:
    kept = library.redactions
    kept.edit(redaction, PlanEdits(keep=("face-1",)))
    newest = kept.get(redaction.id)
    kept.preview(newest, tmp_path / "sheet.png")
    kept.render(newest, tmp_path / "out.mp4")
    kept.check(newest, tmp_path / "out.mp4")
    kept.export(newest, tmp_path / "exported.json")
    kept.view(newest)
    kept.listed(len(kept.list()))
    seen = [tag for tag in tags(library) if tag.startswith("redaction")]
    assert seen == [
        "redaction.imported",
        "redaction.imported",
        "redaction.edited",
        "redaction.previewed",
        "redaction.rendered",
        "redaction.checked",
        "redaction.exported",
        "redactions.viewed",
        "redactions.listed",
    ]
    assert holds(library)


def test_the_parts_of_a_check_have_names_for_each_goes_at_its_own_pace(library: Library, redaction: Redaction) -> None:
    told: list[str] = []
    library.redactions.check(redaction, progress=lambda _done, _total, what: told.append(what))
    assert list(dict.fromkeys(told)) == ["rendering", "looking for leaks"]


def test_an_edit_is_a_new_version_that_says_what_changed(library: Library, redaction: Redaction) -> None:
    edits = PlanEdits(keep=("face-2", "speech-1"), hide=("0,0,10,10",), sound=("mute:500-700",))
    made = library.redactions.edit(redaction, edits)
    assert [one.version for one in made.versions] == [1, 2]
    assert made.newest.change == PlanChange(ChangeKind.EDITED, ("face-2", "speech-1"), ("region-1", "sound-1"))
    assert made.newest.counts == PlanCounts(tracks=2, regions=1, sound_spans=2, kept=2, needs_review=0)
    assert library.redactions.plan_of(made, 1) == library.redactions.plan_of(redaction)
    assert library.redactions.plan_of(made).tracks[1].kept_by == library.audit_log.actor.id
    assert holds(library)


def test_of_two_who_edit_at_once_the_second_is_told_and_nothing_is_lost(library: Library, redaction: Redaction) -> None:
    first = library.redactions.edit(redaction, PlanEdits(keep=("face-1",)))
    with pytest.raises(Conflict, match="changed in the meantime"):
        library.redactions.edit(redaction, PlanEdits(keep=("face-2",)))
    assert library.redactions.get(redaction.id) == first
    again = library.redactions.edit(first, PlanEdits(keep=("face-2",)))
    assert [track.kept_by is not None for track in library.redactions.plan_of(again).tracks] == [True, True]
    with pytest.raises(Conflict):
        library.redactions.edit(again, PlanEdits(hide=("0,0,9,9",)), version=2)
    assert holds(library)


def test_two_processes_that_edit_at_once_make_one_version(
    library: Library, redaction: Redaction, tmp_path: Path
) -> None:
    with open_library(tmp_path / "library") as other:
        theirs = other.redactions.get(redaction.id)
        other.redactions.edit(theirs, PlanEdits(keep=("face-1",)))
    with pytest.raises(Conflict):
        library.redactions.edit(redaction, PlanEdits(keep=("face-2",)))
    assert len(library.redactions.get(redaction.id).versions) == 2


def test_an_edit_that_changes_nothing_makes_no_version(library: Library, redaction: Redaction) -> None:
    before = tags(library)
    for edits in (PlanEdits(), PlanEdits(keep=("face-9",)), PlanEdits(hide=("1,2,3",)), PlanEdits(say=("nothing",))):
        with pytest.raises((InputError, NotFound)):
            library.redactions.edit(redaction, edits)
    after = [tag for tag in tags(library)[len(before) :] if tag.startswith("redaction")]
    assert after == []
    assert library.redactions.get(redaction.id) == redaction


def test_a_redaction_is_found_by_its_id_and_by_its_recording(
    library: Library, recording: Recording, redaction: Redaction, tmp_path: Path
) -> None:
    second = library.redactions.import_plan(recording, tmp_path / "plan.json")
    for text in (redaction.id, redaction.id[:12], redaction.id.removeprefix("red_")):
        assert library.redactions.get(text) == redaction
    with pytest.raises(NotFound, match="2 redactions"):
        library.redactions.get("red_")
    edited = library.redactions.edit(redaction, PlanEdits(keep=("face-1",)))
    for text in (recording.id, recording.name):
        assert library.redactions.get(text) == edited
    assert [one.id for one in library.redactions.list()] == [redaction.id, second.id]
    with pytest.raises(NotFound, match="no redaction and no recording"):
        library.redactions.get("nothing")


def test_a_recording_without_a_redaction_says_so(library: Library, recording: Recording) -> None:
    with pytest.raises(NotFound, match="no redaction yet"):
        library.redactions.get(recording.name)
    assert not library.redactions.list()


def test_a_plan_for_another_recording_is_not_imported(library: Library, recording: Recording, tmp_path: Path) -> None:
    from dataclasses import replace

    plan = plan_of(recording)
    write_plan(tmp_path / "other.json", replace(plan, source=replace(plan.source, sha256="ab" * 32)))
    with pytest.raises(InputError, match="another recording"):
        library.redactions.import_plan(recording, tmp_path / "other.json")
    assert not library.redactions.list()


def test_a_plan_of_the_format_before_is_brought_to_times(
    library: Library, recording: Recording, tmp_path: Path
) -> None:
    face = {"id": "face-1", "class": "face", "reason": "identity.face", "added_by": "old@1", "kept_by": None}
    region = {"id": "region-1", "x": 1, "y": 2, "w": 30, "h": 40, "start_frame": 20, "end_frame": 25, "keep": False}
    old = {
        "format": "bodyworn.redaction-plan/2",
        "source": {"sha256": recording.sha256, "width": 320, "height": 240, "frames": 60, "duration_ms": 2000},
        "style": "solid",
        "start_frame": 15,
        "end_frame": 45,
        "tracks": [{**face, "boxes": [[15, 8, 8, 16, 16, "detected"], [16, 8, 8, 16, 16, "tracked"]]}],
        "regions": [{**region, "reason": "other", "added_by": "person:ana"}],
        "sound": [],
        "looks": [],
        "classes": ["face"],
    }
    (tmp_path / "old.json").write_text(json.dumps(old))
    plan = library.redactions.plan_of(library.redactions.import_plan(recording, tmp_path / "old.json"))
    assert (plan.clip.start_us, plan.clip.end_us) == (500_000, 1_500_000)
    assert [mask.id for mask in plan.masks(500_000)] == ["face-1"]
    assert [mask.id for mask in plan.masks(700_000)] == ["region-1"]
    assert plan.masks(900_000) == ()


def test_an_exported_plan_is_the_plan_by_its_digest(library: Library, redaction: Redaction, tmp_path: Path) -> None:
    library.redactions.export(redaction, tmp_path / "out.json")
    assert Digest.of_file(tmp_path / "out.json").sha256 == redaction.newest.plan_sha256
    with pytest.raises(InputError, match="already exists"):
        library.redactions.export(redaction, tmp_path / "out.json")


def test_a_changed_plan_is_not_used_and_is_found(library: Library, redaction: Redaction, tmp_path: Path) -> None:
    stored = tmp_path / "library" / "objects" / "sha256"
    name = redaction.newest.plan_sha256
    path = stored / name[:2] / name[2:4] / name
    path.chmod(0o640)
    path.write_bytes(path.read_bytes().replace(b"face-1", b"face-7"))
    with pytest.raises(CustodyError, match="was changed"):
        library.redactions.render(redaction, tmp_path / "out.mp4")
    assert not (tmp_path / "out.mp4").exists()
    assert not holds(library)


def test_a_changed_row_is_found(library: Library, redaction: Redaction) -> None:
    from sqlalchemy import text

    with library.database.write() as transaction:
        transaction.execute(text("UPDATE redaction_plans SET made_by = 'os:someone'"))
    report = library.verify(lambda *_: None)
    assert [fault.rule.value for fault in report.faults] == ["stored-row"]


def test_a_clip_that_cannot_be_written_down_is_not_there(
    library: Library, redaction: Redaction, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(*_: object, **__: object) -> None:
        raise CustodyError("the audit log cannot be written", "Make room")

    monkeypatch.setattr(library.audit_log, "append", refuses)
    for act in (library.redactions.render, library.redactions.export):
        with pytest.raises(CustodyError):
            act(redaction, tmp_path / "out.mp4")
    assert [path.name for path in tmp_path.iterdir() if path.name not in ("library", "clip.mp4", "plan.json")] == []


def test_an_analyzed_recording_is_not_transcribed_again(library: Library, recording: Recording, tally: Path) -> None:
    library.findings.run(recording)
    made = library.redactions.plan(recording, RequestForm(classes="speech"))
    library.redactions.words(recording)
    library.redactions.edit(made, PlanEdits(say=("your name",), disguise=("community",)))
    assert len(list(tally.iterdir())) == 1


def test_what_speech_needs_is_made_once_and_kept_for_the_analysis(
    library: Library, recording: Recording, tally: Path
) -> None:
    made = library.redactions.plan(recording, RequestForm(classes="speech"))
    assert {span.reason for span in library.redactions.plan_of(made).sound} == {"pii.name"}
    done = {one.stage: one.state for one in library.findings.plan(recording)}
    assert done == {"probe": "done", "audio": "done", "utterances": "done", "cues": "ready"}
    library.findings.run(recording)
    assert len(list(tally.iterdir())) == 1


def test_nothing_that_was_said_is_written_down(
    library: Library, recording: Recording, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    library.redactions.words(recording)
    made = library.redactions.plan(recording, RequestForm(classes="speech"))
    made = library.redactions.edit(made, PlanEdits(say=("Marisol Vega:pii.name",), disguise=("S2",)))
    library.redactions.export(made, tmp_path / "plan.json")
    written = [json.dumps(event.to_json()) for event in library.audit_log.newest(100)]
    written += [(tmp_path / "plan.json").read_text(), *capsys.readouterr()]
    with library.database.read() as transaction:
        written += [str(row) for table in metadata.sorted_tables for row in transaction.execute(select(table))]
    assert len(library.redactions.plan_of(made).sound) > 2
    for secret in SECRETS:
        assert all(secret not in text.lower() for text in written)
    assert last(library).tag == "redaction.exported"


def test_speech_in_a_recording_without_sound_is_refused(library: Library, tmp_path: Path) -> None:
    from tests.media_makers import without_sound

    silent = library.recordings.ingest(without_sound(tmp_path / "silent.mp4"))
    with pytest.raises(InputError, match="no sound"):
        library.redactions.plan(silent, RequestForm(classes="speech"))
    assert not library.redactions.list()
