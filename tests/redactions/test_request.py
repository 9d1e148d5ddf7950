"""What people type to say what is hidden, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bodyworn.domain.errors import InputError
from bodyworn.domain.redaction import HiddenClass, Reason, SoundAction, Style
from bodyworn.redactions.request import (
    CLASS_NAMES,
    RequestForm,
    parse_classes,
    parse_request,
    parse_sound,
    parse_style,
)
from tests import media_makers as make


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make.with_sound(tmp_path_factory.mktemp("film") / "in.mp4", 2.0)


def test_classes_are_named_with_commas_and_speech_hides_nothing_in_the_picture() -> None:
    assert parse_classes("faces, plates") == (HiddenClass.FACE, HiddenClass.PLATE)
    assert parse_classes("screens") == (HiddenClass.SCREEN, HiddenClass.TEXT)
    assert parse_classes("speech") == parse_classes("") == ()
    assert parse_classes("faces,faces") == (HiddenClass.FACE,)
    assert RequestForm(classes="faces, speech").wants_speech
    assert not RequestForm().wants_speech


@given(st.text(min_size=1))
def test_any_other_class_is_refused(name: str) -> None:
    if all(part.strip() in (*CLASS_NAMES, "") for part in name.split(",")):
        return
    with pytest.raises(InputError, match="unknown class"):
        parse_classes(name)


@given(st.text())
def test_any_other_style_is_refused(name: str) -> None:
    if name in set(Style):
        assert parse_style(name) == name
    else:
        with pytest.raises(InputError, match="unknown style"):
            parse_style(name)


@given(st.integers(0, 10**7), st.integers(1, 10**6), st.sampled_from(SoundAction), st.sampled_from(Reason))
def test_a_span_of_sound_is_what_was_typed(start: int, length: int, action: SoundAction, reason: Reason) -> None:
    span = parse_sound("sound-1", f"{action}:{start}-{start + length}:{reason}", "os:ana")
    assert (span.start_ms, span.end_ms, span.action, span.reason) == (start, start + length, action, reason)
    usual = parse_sound("sound-1", f"{action}:{start}-{start + length}", "os:ana").reason
    assert usual == (Reason.VOICE if action is SoundAction.DISGUISE else Reason.OTHER)


@pytest.mark.parametrize("times", ["1:01.2-1:02", "61.2s-62s", "61200-62000", "0:01:01.2-62s"])
def test_the_times_of_a_span_of_sound_are_written_as_all_others(times: str) -> None:
    for reason in ("", ":pii.name"):
        span = parse_sound("sound-1", f"mute:{times}{reason}", "os:ana")
        assert (span.start_ms, span.end_ms) == (61_200, 62_000)


NO_SOUND = dict.fromkeys(("", "mute", "mute:1", "hum:1-2", "mute:-1-2", "mute:1f-2f"), "not a span of sound")
NO_SOUND |= {"mute:5-5": "ends before it starts", "mute:9-3": "ends before it starts", "mute:1-2:why": "unknown reason"}


@pytest.mark.parametrize(("text", "why"), NO_SOUND.items())
def test_what_is_no_span_of_sound_is_refused(text: str, why: str) -> None:
    with pytest.raises(InputError, match=why):
        parse_sound("sound-1", text, "os:ana")


def test_a_form_becomes_a_request(film: Path) -> None:
    form = RequestForm("plates", "0.5s", "45f", "solid", sound_track=2, encode_all=True)
    request = parse_request(form, film, "os:ana")
    assert request.classes == (HiddenClass.PLATE,)
    assert (request.clip.start_us, request.clip.end_us) == (500_000, 1_500_000)
    assert request.style is Style.SOLID
    assert request.sound_track == 1
    assert not request.encoding.copy_untouched
