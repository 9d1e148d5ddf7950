"""Access over a real library: every service asks, every denial is an entry, another actor is a moment's work."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bodyworn.access.policy import Policy, TablePolicy
from bodyworn.bootstrap import Library, open_library
from bodyworn.custody.certificates import make_identity
from bodyworn.domain.account import Account
from bodyworn.domain.action import ACTIONS
from bodyworn.domain.actor import Actor
from bodyworn.domain.encounter import Encounter, own_encounter_id
from bodyworn.domain.errors import Denied, NotFound
from bodyworn.domain.event import now
from bodyworn.domain.progress import no_progress
from bodyworn.domain.recording import Recording
from bodyworn.domain.release import Release
from bodyworn.domain.restriction import Restriction, RestrictionCategory
from bodyworn.domain.retention import Disposal, LegalHold, RetentionRules
from bodyworn.domain.visibility import Everything, OneOf
from bodyworn.moving.backup import BackupPlace
from bodyworn.redactions.editing import PlanEdits
from bodyworn.redactions.history import ChangeKind, PlanChange, PlanCounts, PlanVersion, Redaction
from bodyworn.redactions.request import RequestForm
from bodyworn.releases.service import RenderedClip
from tests.domain.test_release import REQUEST
from tests.media_makers import tone, wav_pcm

ANA, BO = Actor("os:ana", "desk-1", "cli"), Actor("os:bo", "desk-1", "cli")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A library with two recordings and a release."""
    with open_library(tmp_path / "library", create=True, actor=ANA) as library:
        for name in ("a.wav", "b.wav"):
            one = library.recordings.ingest(wav_pcm(tmp_path / name, [tone(0.2 if name == "a.wav" else 0.3)]))
        library.releases.make(one, RenderedClip(tmp_path / "a.wav", b"{}", 0, 100), REQUEST)
    return tmp_path / "library"


def calls(library: Library, recording: Recording, release: Release, path: Path) -> dict[str, Callable[[], object]]:
    """Each action, done."""
    key = make_identity("Pine County Sheriff", now())
    rendered = RenderedClip(path, b"{}", 0, 100)
    account = Account("account:bo", frozenset(), frozenset())
    restriction = Restriction(recording.id, (RestrictionCategory.MEDICAL,), (), ())
    encounter = Encounter(own_encounter_id(recording.id), ())
    return {
        "library.verify": lambda: library.verify(no_progress),
        "library.rotate_key": library.rotate_key,
        "people.list": lambda: library.people.list(),
        "people.get": lambda: library.people.get("bo"),
        "people.add": lambda: library.people.add("bo", "Bo", frozenset(), []),
        "people.change": lambda: library.people.change(account, "why"),
        "people.disable": lambda: library.people.disable(account, "why"),
        "people.enable": lambda: library.people.enable(account, "why"),
        "people.invite": lambda: library.people.invite(account),
        "people.propose_recovery": lambda: library.people.propose_recovery(account, "why"),
        "people.approve_recovery": lambda: library.people.approve_recovery(account),
        "people.link": lambda: library.people.link(account, "248289761001", "why"),
        "people.unlink": lambda: library.people.unlink(account, "why"),
        "people.explain": lambda: library.people.explain("bo", "releases.approve"),
        "audit_trail.newest": lambda: library.audit_trail.newest(3),
        "audit_trail.about": lambda: library.audit_trail.about(recording.id),
        "recordings.ingest": lambda: library.recordings.ingest(path),
        "recordings.list": lambda: library.recordings.list(),
        "recordings.get": lambda: library.recordings.get(recording.id),
        "recordings.file_of": lambda: library.recordings.file_of(recording),
        "recordings.verify": lambda: library.recordings.verify(),
        "recordings.check": lambda: library.recordings.check(recording),
        "recordings.tombstones": lambda: library.recordings.tombstones(),
        "recordings.assign": lambda: library.recordings.assign(recording, "north", "why"),
        "restrictions.place": lambda: library.restrictions.place(recording, RestrictionCategory.MEDICAL, "why"),
        "restrictions.lift": lambda: library.restrictions.lift(restriction, RestrictionCategory.MEDICAL, "why"),
        "restrictions.admit": lambda: library.restrictions.admit(restriction, "bo", "why"),
        "restrictions.dismiss": lambda: library.restrictions.dismiss(restriction, "bo", "why"),
        "restrictions.list": lambda: library.restrictions.list(),
        "restrictions.get": lambda: library.restrictions.get(recording.id),
        "encounters.every_sheet": lambda: library.encounters.every_sheet(),
        "encounters.list": lambda: library.encounters.list(),
        "encounters.get": lambda: library.encounters.get(recording.id),
        "encounters.facts": lambda: library.encounters.facts(encounter),
        "encounters.proposals": lambda: library.encounters.proposals(),
        "encounters.join": lambda: library.encounters.join([encounter, encounter], "why"),
        "encounters.decline": lambda: library.encounters.decline(encounter, encounter, "why"),
        "encounters.split": lambda: library.encounters.split(encounter, [recording.id], "why"),
        "encounters.edit": lambda: library.encounters.edit(encounter, [], "why"),
        "encounters.sync": lambda: library.encounters.sync(encounter, {}, no_progress),
        "encounters.compare_sound": lambda: library.encounters.compare_sound(),
        "encounters.import_records": lambda: library.encounters.import_records(path, path),
        "findings.run": lambda: library.findings.run(recording),
        "findings.check_choices": lambda: library.findings.check_choices(None, None),
        "findings.correct_role": lambda: library.findings.correct_role(recording, "S1", "officer"),
        "findings.merge_speakers": lambda: library.findings.merge_speakers(recording, "S1", None),
        "findings.plan": lambda: library.findings.plan(recording),
        "findings.artifact": lambda: library.findings.artifact(recording, "probe"),
        "findings.document": lambda: library.findings.document(recording),
        "findings.snapshot": lambda: library.findings.snapshot(recording),
        "findings.analysis": lambda: library.findings.analysis(recording),
        "findings.joined_transcript": lambda: library.findings.joined_transcript(encounter),
        "findings.joined_findings": lambda: library.findings.joined_findings(encounter),
        "releases.make": lambda: library.releases.make(recording, rendered, REQUEST),
        "releases.review_leaks": lambda: library.releases.review_leaks(release, "looked"),
        "releases.approve": lambda: library.releases.approve(release),
        "releases.publish": lambda: library.releases.publish(release, lambda: key),
        "releases.withdraw": lambda: library.releases.withdraw(release, "why"),
        "releases.list": lambda: library.releases.list(),
        "releases.get": lambda: library.releases.get(release.id),
        "releases.open_contents": lambda: library.releases.open_contents(release, path.with_name("look")),
        "releases.opened_by": lambda: library.releases.opened_by(release),
        "releases.contents_of": lambda: library.releases.contents_of(release),
        "releases.clip_of": lambda: library.releases.clip_of(release),
        "releases.plan_of": lambda: library.releases.plan_of(release),
    }


def redaction_calls(library: Library, recording: Recording, path: Path) -> dict[str, Callable[[], object]]:
    """Each action on redactions, done."""
    newest = PlanVersion(1, "0" * 64, "os:ana", now(), PlanChange(ChangeKind.PROPOSED), PlanCounts(0, 0, 0, 0, 0))
    one = Redaction("red_0", recording.id, "os:ana", now(), (newest,))
    redactions = library.redactions
    return {
        "redactions.plan": lambda: redactions.plan(recording, RequestForm()),
        "redactions.import_plan": lambda: redactions.import_plan(recording, path),
        "redactions.edit": lambda: redactions.edit(one, PlanEdits()),
        "redactions.preview": lambda: redactions.preview(one, path.with_name("sheet.png")),
        "redactions.render": lambda: redactions.render(one, path.with_name("out.mp4")),
        "redactions.rendered": lambda: redactions.rendered(one).__enter__(),
        "redactions.check": lambda: redactions.check(one, path),
        "redactions.export": lambda: redactions.export(one, path.with_name("plan.json")),
        "redactions.words": lambda: redactions.words(recording),
        "redactions.hear": lambda: redactions.hear(recording),
        "redactions.list": lambda: redactions.list(),
        "redactions.get": lambda: redactions.get(one.id),
        "redactions.newest_of": lambda: redactions.newest_of(recording),
        "redactions.plan_of": lambda: redactions.plan_of(one),
        "redactions.view": lambda: redactions.view(one),
    }


def retention_calls(library: Library, recording: Recording) -> dict[str, Callable[[], object]]:
    """Each action on rules, holds and disposals, done."""
    hold = LegalHold("hld_0", recording.id, (), "a", "b", ANA.person, now())
    disposal = Disposal("dsp_0", "0" * 64, (), ANA.person, now())
    rules, disposals = RetentionRules((), None, "0" * 64), library.disposals
    return {
        "retention.plan": lambda: library.retention.plan(rules),
        "holds.place": lambda: library.holds.place(recording.id, "a", "b"),
        "holds.release": lambda: library.holds.release(hold, "why"),
        "holds.list": lambda: library.holds.list(),
        "holds.get": lambda: library.holds.get(hold.id),
        "disposals.propose": lambda: disposals.propose([recording], rules, b""),
        "disposals.approve": lambda: disposals.approve(disposal),
        "disposals.withdraw": lambda: disposals.withdraw(disposal, "why"),
        "disposals.carry_out": lambda: disposals.carry_out(disposal),
        "disposals.list": lambda: disposals.list(),
        "disposals.get": lambda: disposals.get(disposal.id),
        "disposals.tombstones_of": lambda: disposals.tombstones_of(disposal),
        "disposals.certificate": lambda: disposals.certificate(disposal),
    }


def moving_calls(library: Library, folder: Path) -> dict[str, Callable[[], object]]:
    """Each action on the library as a whole, done."""
    place = BackupPlace(folder / "backup", folder / "keys")
    return {
        "library.move": lambda: library.move("postgresql://nowhere/none", no_progress),
        "library.back_up": lambda: library.back_up(place, no_progress),
        "library.drill": lambda: library.drill(place, None, None, no_progress),
    }


def opened_as(folder: Path, actor: Actor, policy: Policy) -> Library:
    return open_library(folder, actor=actor, policy=policy)


def test_where_nothing_is_allowed_every_service_refuses_and_the_attempt_is_an_entry(folder: Path) -> None:
    with open_library(folder, actor=ANA) as library:
        recording, release = library.recordings.list()[0], library.releases.list()[0]
    with opened_as(folder, BO, TablePolicy()) as library:
        path = folder.parent / "b.wav"
        done = calls(library, recording, release, path) | redaction_calls(library, recording, path)
        done |= retention_calls(library, recording) | moving_calls(library, folder.parent)
        assert done.keys() == ACTIONS.keys()
        for name, act in done.items():
            with pytest.raises((Denied, NotFound)):
                act()
            event = library.audit_log.newest(1)[0]
            assert (event.tag, event.outcome, event.actor) == ("access.denied", "denied", "os:bo"), name
            assert event.detail["act"] == name
    with open_library(folder, actor=ANA) as library:
        assert len(library.recordings.list()) == 2
        assert [step.act for step in library.releases.list()[0].steps] == ["make"]
        assert library.verify(no_progress).holds


def test_a_row_that_is_not_visible_is_in_no_list_and_is_not_found(folder: Path) -> None:
    with open_library(folder, actor=ANA) as library:
        seen, hidden = library.recordings.list()
    only = OneOf("id", frozenset({seen.id}))
    policy = TablePolicy(
        {
            "os:bo": {
                "recordings.list": only,
                "recordings.get": only,
                "releases.list": OneOf("recording_id", only.values),
            }
        }
    )
    with opened_as(folder, BO, policy) as library:
        assert library.recordings.list() == [seen]
        assert library.releases.list() == []
        assert library.recordings.get("rec_") == seen
        with pytest.raises(NotFound) as told:
            library.recordings.get(hidden.id)
        with pytest.raises(NotFound) as unknown:
            library.recordings.get("rec_zzzz")
        assert told.value.what.replace(hidden.id, "") == unknown.value.what.replace("rec_zzzz", "")


def test_the_same_library_for_another_actor(folder: Path) -> None:
    with open_library(folder, actor=ANA) as library:
        other = library.acting(BO)
        other.recordings.listed(2)
        library.recordings.listed(2)
        assert [event.actor for event in library.audit_log.newest(2)] == ["os:ana", "os:bo"]
        assert other.database is library.database
        assert other.audit_log.seal() is not None
        assert library.audit_log.seal() is None, "rows are counted together, so there is nothing left to seal"


def test_what_may_be_done_depends_on_who_acts(folder: Path) -> None:
    policy = TablePolicy({"os:bo": {"releases.approve": Everything()}})
    with opened_as(folder, ANA, policy) as library:
        assert not library.access.may("recordings.list").allowed
        bo = library.acting(BO)
        assert bo.access.actor == BO
        assert bo.access.visible("releases.approve") == Everything()
