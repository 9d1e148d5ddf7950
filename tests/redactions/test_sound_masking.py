"""Hidden sound: nothing of it is left inside the span, nothing is lost outside, however it is cut into blocks."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from bodyworn.domain.redaction import Reason, SoundAction, SoundSpan
from bodyworn.redactions.sound_masking import hiding

RATE = 16_000
MUTE = SoundSpan.of_ms("sound-1", 1_000, 1_500, SoundAction.MUTE, Reason.NAME, "person:a")
BLEEP = SoundSpan.of_ms("sound-2", 2_000, 2_200, SoundAction.BLEEP, Reason.PHONE, "person:a")


def hide(spans: list[SoundSpan], block: int) -> tuple[np.ndarray, np.ndarray]:
    sound = np.random.default_rng(1).uniform(-0.5, 0.5, (2, 3 * RATE)).astype(np.float32)
    edit = hiding(spans)
    assert edit is not None
    parts = [edit(sound[:, at : at + block], Fraction(at, RATE), RATE) for at in range(0, sound.shape[1], block)]
    return sound, np.concatenate(parts, axis=1)


@pytest.mark.parametrize("block", [1024, 7777, 3 * RATE])
def test_muted_sound_is_gone_and_the_rest_is_untouched(block: int) -> None:
    before, after = hide([MUTE], block)
    assert not after[:, RATE : RATE * 3 // 2].any()
    untouched = np.r_[0 : RATE - 100, RATE * 3 // 2 + 100 : 3 * RATE]
    assert np.array_equal(before[:, untouched], after[:, untouched])


def test_a_bleep_replaces_the_sound() -> None:
    before, after = hide([BLEEP], 1024)
    inside = slice(RATE * 2 + 10, RATE * 22 // 10 - 10)
    assert abs(np.corrcoef(before[0, inside], after[0, inside])[0, 1]) < 0.1
    spectrum = np.abs(np.fft.rfft(after[0, RATE * 2 : RATE * 2 + 3200]))
    assert int(np.argmax(spectrum)) * RATE // 3200 == 1000


def test_what_a_person_kept_is_not_hidden() -> None:
    from dataclasses import replace

    assert hiding([replace(MUTE, kept_by="person:b")]) is None
    assert hiding([]) is None
