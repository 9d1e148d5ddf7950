"""Recordings of an encounter are put in step by sound, by a person, or by their clocks, and each says by which."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from bodyworn.bootstrap import Library
from bodyworn.domain.encounter import Encounter, MemberOffset, OffsetSource
from bodyworn.domain.errors import InputError, NotFound
from bodyworn.domain.event import Tag
from tests.encounters.test_alignment import RATE, Sound, babble, heard
from tests.makers.cameras import with_sidecar
from tests.media_makers import wav_pcm

Opened = Callable[..., Library]


def recorded(library: Library, folder: Path, name: str, sound: Sound, **fields: object) -> str:
    """A recording with that sound; its id."""
    path = folder / f"{name}.wav"
    wav_pcm(path, [np.clip(sound, -1, 1)], RATE)
    made = library.recordings.ingest(path).id
    with_sidecar(library, made, fields)
    return made


@pytest.fixture
def three(new_library: Opened, tmp_path: Path) -> tuple[Library, Encounter, dict[str, str]]:
    """Two cameras of one scene, the second's clock 7.3 s off, and one of another scene, joined with them."""
    library, scene = new_library(), babble(30, 1)
    clocks = ("2026-03-01T12:00:00Z", "2026-03-01T12:00:14.300Z", "2026-03-01T12:00:05Z")
    sounds = (heard(scene, 0, 20, 1), heard(scene, 7, 30, 2), heard(babble(15, 2), 0, 15, 3))
    ids = {
        name: recorded(library, tmp_path, name, sound, started_at_utc=clock)
        for name, sound, clock in zip(("front", "rear", "other"), sounds, clocks, strict=True)
    }
    every = [library.encounters.get(one) for one in ids.values()]
    return library, library.encounters.join(every, "one call"), ids


def offsets(encounter: Encounter) -> dict[str, MemberOffset]:
    """The offsets by name of the recording."""
    return {one.name.removesuffix(".wav"): one.offset for one in encounter.members if one.offset is not None}


def test_common_sound_corrects_the_clocks_and_a_camera_without_it_stays_by_its_clock(
    three: tuple[Library, Encounter, dict[str, str]],
) -> None:
    library, encounter, _ = three
    assert offsets(encounter)["rear"].offset_ms == 14_300
    found = offsets(library.encounters.sync(encounter))
    assert found["rear"].offset_ms - found["front"].offset_ms == pytest.approx(7000, abs=5)
    assert {found["front"].source, found["rear"].source} == {OffsetSource.SOUND}
    measured = found["front"] if found["rear"].confidence is None else found["rear"]
    assert measured.confidence is not None
    assert measured.because.startswith("hears the same as ")
    assert found["other"].source is OffsetSource.CLOCK
    assert min(one.offset_ms for one in found.values()) == 0
    (event,) = [one for one in library.audit_log.newest(3) if one.tag == Tag.ENCOUNTER_SYNCHRONIZED]
    assert event.object == encounter.id


def test_what_a_person_sets_stays_until_it_is_set_again(three: tuple[Library, Encounter, dict[str, str]]) -> None:
    library, encounter, _ = three
    placed = offsets(library.encounters.sync(encounter, {"rear.wav": "9.5"}))
    assert (placed["rear"].offset_ms, placed["rear"].source) == (9500, OffsetSource.PERSON)
    again = offsets(library.encounters.sync(library.encounters.get(encounter.id)))
    assert again["rear"].source is OffsetSource.PERSON
    assert again["front"].source is OffsetSource.SOUND
    assert again["rear"].offset_ms - again["front"].offset_ms == pytest.approx(7000, abs=5)
    measured = offsets(library.encounters.sync(encounter, {"rear.wav": "sound"}))
    assert measured["rear"].source is OffsetSource.SOUND


def test_what_is_no_place_in_time_is_refused(three: tuple[Library, Encounter, dict[str, str]]) -> None:
    library, encounter, _ = three
    for wrong in ("soon", "nan", "1e9", ""):
        with pytest.raises(InputError, match="no number of seconds"):
            library.encounters.sync(encounter, {"rear.wav": wrong})
    with pytest.raises(NotFound):
        library.encounters.sync(encounter, {"elsewhere.wav": "1"})
