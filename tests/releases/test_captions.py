"""Captions: roles, cuts, and that a masked word never gets into the text."""

from __future__ import annotations

import re
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bodyworn.domain.codec import Json, JsonObject
from bodyworn.domain.span import Span
from bodyworn.releases.captions import MASK, CaptionTurn, CaptionWord, captions, to_srt, to_vtt, turns_of


def utterance(role: str, start_ms: int, text: str, word_ms: int = 300) -> CaptionTurn:
    words = tuple(
        CaptionWord(Span(start_ms + index * word_ms, start_ms + (index + 1) * word_ms), word)
        for index, word in enumerate(text.split())
    )
    return CaptionTurn(Span(start_ms, words[-1].span.end_ms), role, text, words)


HUG = [
    utterance("community", 1000, "My name is Pat Example. Can I have a hug?"),
    utterance("officer_2", 6000, "Sure. Yeah."),
]


def test_a_masked_name_is_one_mark_in_both_formats() -> None:
    items = captions(HUG, Span(0, 10_000), [Span(1850, 2550)])
    assert items[0].text == f"My name is {MASK} Can I have a hug?"
    assert "Pat" not in to_vtt(items) + to_srt(items)


def test_times_are_those_of_the_clip_and_what_lies_outside_is_left_out() -> None:
    items = captions(HUG, Span(5000, 10_000), [])
    assert [item.text for item in items] == ["Sure. Yeah."]
    assert items[0].span.start_ms == 1000


def test_webvtt_names_the_role_and_escapes_what_was_said() -> None:
    text = to_vtt(captions([utterance("officer_2", 0, "<b>5 & 6</b>")], Span(0, 5000), []))
    assert text.startswith("WEBVTT\n\n00:00:00.000 --> 00:00:00.900\n<v Officer 2>&lt;b&gt;5 &amp; 6&lt;/b&gt;</v>")


def test_another_language_is_named_and_marked_for_players() -> None:
    said = replace(utterance("community", 0, "Tengo miedo."), language="es")
    items = captions([said], Span(0, 5000), [])
    assert "<v Community member (Spanish)><lang es>Tengo miedo.</lang></v>" in to_vtt(items)
    assert "Community member (Spanish): Tengo miedo." in to_srt(items)
    assert turns_of([to_json_row("es")])[0].language == "es"
    assert turns_of([to_json_row(None)])[0].language == "en"


def to_json_row(language: str | None) -> JsonObject:
    row: dict[str, Json] = {"start_ms": 0, "end_ms": 9, "role": "community", "text": "sí", "words": []}
    return row | ({"language": language} if language else {})


def test_srt_is_numbered_with_commas() -> None:
    text = to_srt(captions(HUG, Span(0, 10_000), []))
    assert re.match(r"1\n00:00:01,000 --> 00:00:\d\d,\d{3}\nCommunity member: My name is Pat Example\.", text)


def test_an_utterance_without_timed_words_is_masked_whole() -> None:
    bare = CaptionTurn(Span(0, 4000), "community", "I live at 12 Elm Street")
    assert captions([bare], Span(0, 5000), [Span(3900, 4100)])[0].text == MASK


@given(
    st.lists(st.tuples(st.integers(0, 5000), st.integers(1, 400)), min_size=1, max_size=12),
    st.tuples(st.integers(0, 5000), st.integers(1, 2000)),
)
def test_words_under_a_mask_are_never_written(spans: list[tuple[int, int]], hidden: tuple[int, int]) -> None:
    mask = Span(hidden[0], hidden[0] + hidden[1])
    words = tuple(CaptionWord(Span(a, a + n), f"w{i}w") for i, (a, n) in enumerate(sorted(spans)))
    said = CaptionTurn(Span(0, 6000), "officer", "", words)
    text = to_vtt(captions([said], Span(0, 10_000), [mask]))
    for index, (start, length) in enumerate(sorted(spans)):
        shared = Span(start, start + length).overlap_ms(mask)
        if shared > 60 or 2 * shared >= length:
            assert f"w{index}w" not in text
        else:
            assert f"w{index}w" in text
