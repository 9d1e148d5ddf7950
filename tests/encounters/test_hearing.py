"""Recordings that nothing else brings together are compared by sound where a person asks, once, and then proposed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bodyworn.bootstrap import Library
from bodyworn.domain.encounter import JoinReason
from bodyworn.domain.encounter_events import SoundsCompared
from bodyworn.domain.event import Tag
from bodyworn.domain.event_kinds import detail_of
from bodyworn.encounters.hearing import SoundSearch
from tests.encounters.test_alignment import babble, heard
from tests.encounters.test_in_step import recorded

Opened = Callable[..., Library]
NOON, SOON, LATER = "2026-03-01T12:00:00Z", "2026-03-01T12:05:00Z", "2026-03-01T15:00:00Z"


@pytest.fixture
def strangers(new_library: Opened, tmp_path: Path) -> tuple[Library, dict[str, str]]:
    """Two cameras of one scene, one of them five minutes wrong, and one elsewhere; neither number nor place."""
    library, scene = new_library(), babble(30, 1)
    sounds = {"front": heard(scene, 0, 20, 1), "rear": heard(scene, 7, 30, 2), "other": heard(babble(15, 2), 0, 15, 3)}
    clocks = {"front": NOON, "rear": SOON, "other": SOON}
    ids = {name: recorded(library, tmp_path, name, sounds[name], started_at_utc=clocks[name]) for name in sounds}
    return library, ids


def test_nobody_listens_until_it_is_asked_for(strangers: tuple[Library, dict[str, str]]) -> None:
    library, _ = strangers
    assert not any(reason.kind is JoinReason.SOUND for one in library.encounters.proposals() for reason in one.reasons)


def test_the_same_sound_is_a_reason_in_words_and_kept_in_the_audit_log(
    strangers: tuple[Library, dict[str, str]],
) -> None:
    library, ids = strangers
    assert library.encounters.compare_sound() == SoundSearch(compared=3, alike=1, left=0)
    ours = {library.encounters.get(ids[name]).id for name in ("front", "rear")}
    (found,) = [one for one in library.encounters.proposals() if {one.one, one.other} == ours]
    (reason,) = [one for one in found.reasons if one.kind is JoinReason.SOUND]
    assert reason.says == "both hear the same sound: rear.wav begins 7.0 s after front.wav"
    kept = detail_of(library.audit_log.newest(1)[0])
    assert isinstance(kept, SoundsCompared)
    assert kept.more() == "3 pairs compared, 1 with common sound"
    assert len(library.encounters.list()) == 3, "nothing is joined by itself"


def test_no_pair_is_compared_twice_and_so_many_at_once_at_most(strangers: tuple[Library, dict[str, str]]) -> None:
    library, _ = strangers
    assert library.encounters.compare_sound(2).left == 1
    assert library.encounters.compare_sound().compared == 1
    before = len(library.audit_log.newest(1000))
    assert library.encounters.compare_sound() == SoundSearch(0, 0, 0)
    assert len(library.audit_log.newest(1000)) == before


def test_what_something_else_settles_is_not_listened_to(new_library: Opened, tmp_path: Path) -> None:
    library, scene = new_library(), babble(20, 1)
    fields: dict[str, dict[str, object]] = {
        "a": {"started_at_utc": NOON, "dispatch_number": "1"},
        "same number": {"started_at_utc": NOON, "dispatch_number": "1"},
        "other number": {"started_at_utc": NOON, "dispatch_number": "2"},
        "hours later": {"started_at_utc": LATER},
    }
    for number, (name, said) in enumerate(fields.items()):
        recorded(library, tmp_path, name, heard(scene, 0, 12, number), **said)
    assert library.encounters.compare_sound() == SoundSearch(0, 0, 0)


def test_a_camera_without_a_clock_is_compared_with_what_came_in_beside_it(new_library: Opened, tmp_path: Path) -> None:
    library, scene = new_library(), babble(25, 1)
    recorded(library, tmp_path, "clock", heard(scene, 0, 20, 1), started_at_utc=NOON)
    recorded(library, tmp_path, "none", heard(scene, 5, 25, 2))
    assert library.encounters.compare_sound() == SoundSearch(1, 1, 0)
    assert len(library.encounters.proposals()) == 1


def test_a_pair_that_was_declined_after_listening_is_not_proposed_again(
    strangers: tuple[Library, dict[str, str]],
) -> None:
    library, ids = strangers
    library.encounters.compare_sound()
    front, rear = (library.encounters.get(ids[name]) for name in ("front", "rear"))
    library.encounters.decline(front, rear, "a loudspeaker in both places")
    assert not library.encounters.proposals(front)
    assert {one.tag for one in library.audit_log.newest(3)} >= {Tag.ENCOUNTERS_COMPARED}
