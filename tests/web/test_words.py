"""Wording, the pieces of a quote, and the sums of what could not be judged."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bodyworn.domain.measure import measured
from bodyworn.domain.span import length
from bodyworn.web import wording
from bodyworn.web.findings.document import Document, UnknownEntry
from bodyworn.web.pages import environment
from bodyworn.web.recordings.transcript import TranscriptRow, lines, quoted, timing
from bodyworn.web.recordings.unknowns import summarize
from tests.web import sample_document


@pytest.mark.parametrize(
    ("ms", "text"), [(0, "0:00"), (59_999, "0:59"), (62_400, "1:02"), (3_600_000, "1:00:00"), (-5, "0:00")]
)
def test_clock(ms: int, text: str) -> None:
    assert wording.clock(ms) == text


@pytest.mark.parametrize(
    ("ms", "text"),
    [(400, "0.4 s"), (30_000, "30 s"), (59_700, "1 min 00 s"), (125_000, "2 min 05 s"), (3_720_000, "1 h 02 min")],
)
def test_length(ms: int, text: str) -> None:
    assert length(ms) == text


@pytest.mark.parametrize(("share", "text"), [(0.0, "0 %"), (0.0004, "under 1 %"), (0.999, "over 99 %"), (1.0, "100 %")])
def test_a_share_is_never_rounded_to_none_or_all(share: float, text: str) -> None:
    assert wording.percent(share) == text


@pytest.mark.parametrize(
    ("when", "text"),
    [
        ("2026-03-15T00:31:10Z", "15 Mar 2026, 00:31:10 UTC"),
        ("2026-03-15T00:31:10-05:00", "15 Mar 2026, 05:31:10 UTC"),
        ("2026-03-15T00:31:10", "15 Mar 2026, 00:31:10, zone not recorded"),
        ("yesterday", "yesterday"),
        (None, "not recorded"),
    ],
)
def test_moment(when: str | None, text: str) -> None:
    assert wording.moment(when) == text


def test_measures_are_read_with_their_units() -> None:
    measures = {
        "above_db": 7.42,
        "delay_ms": 4000,
        "need_at_ms": 79_132,
        "peak_widths_per_s": 1.65,
        "luma_mean_of_255": 16,
        "hf99": 1.4,
        "bursts_per_s": 5,
    }
    assert measured(measures) == (
        ("above", "7.42 dB"),
        ("delay", "4.0 s"),
        ("need at", "1:19.1"),
        ("peak", "1.65 widths/s"),
        ("luma mean", "16 of 255"),
        ("hf99", "1.4"),
        ("bursts", "5/s"),
    )
    assert measured({"loud": True, "spans": [1], "band_limited": 0.94}) == (("band limited", "0.94"),)


def test_the_longest_phrase_is_marked_and_only_whole_words() -> None:
    pieces = quoted("I need a hug. Thug, hug!", ["hug", "need a hug"])
    assert [(p.text, p.carried) for p in pieces] == [
        ("I ", False),
        ("need a hug", True),
        (". Thug, ", False),
        ("hug", True),
        ("!", False),
    ]


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=40), st.lists(st.text(max_size=5), max_size=4))
def test_marking_never_changes_the_quote(quote: str, phrases: list[str]) -> None:
    assert "".join(piece.text for piece in quoted(quote, phrases)) == quote


def test_the_timing_of_an_utterance_fits_the_text_of_its_line() -> None:
    document = sample_document.encounter()
    document["utterances"][0]["words"][0]["text"] = " Two\tfold "  # a recognizer's word may hold white space
    shown = {line.i: line for line in lines(cast(Document, document), ()) if isinstance(line, TranscriptRow)}
    for utterance in document["utterances"]:
        text = " ".join(piece.text for piece in shown[utterance["i"]].pieces)
        at = 0
        for (_, _, size), word in zip(timing(utterance), utterance["words"], strict=True):
            assert text[at : at + size] == " ".join(word["text"].split())
            at += size + 1


def test_overlapping_spans_count_once() -> None:
    spans: list[UnknownEntry] = [
        {"state": "obscured", "start_ms": 0, "end_ms": 4000},
        {"state": "unintelligible", "start_ms": 2000, "end_ms": 6000},
        {"state": "dark", "start_ms": 3000, "end_ms": 5000},
    ]
    summary = summarize(spans, 10_000, show=1)
    assert (summary.unheard_ms, summary.unseen_ms) == (4000, 5000)
    assert (summary.unheard_share, summary.unseen_share) == (0.4, 0.5)
    assert [span.words for span in summary.longest] == ["lens obscured"]


def test_a_line_in_another_language_keeps_its_language_and_what_was_not_searched_is_told() -> None:
    """The page names the language beside the line, marks it for screen readers, and counts the span as not judged."""
    said = {"i": 0, "start_ms": 1000, "end_ms": 2000, "role": "community", "text": "Tengo miedo."}
    unknown = {"state": "not_searched", "start_ms": 1000, "end_ms": 2000, "language": "es"}
    document = cast(Document, {"utterances": [said | {"language": "es"}], "findings": [], "unknown": [unknown]})
    summary = summarize(document["unknown"], 4000)
    assert (summary.longest[0].words, summary.unheard_share) == ("not searched: Spanish", 0.25)
    gap, row = lines(document, summary.spans)
    assert isinstance(row, TranscriptRow)
    assert row.language == "es"
    text = "{% from 'components/icon.html' import icon %}{% include 'recordings/_transcript.html' %}"
    page = environment().from_string(text)
    shown = page.render(shown=SimpleNamespace(spoken=True, lines=[gap, row]))
    assert '<p class="said" lang="es">Tengo miedo.</p>' in " ".join(shown.split())
    assert '<span class="low">Spanish</span>' in shown


def test_english_lines_carry_no_language() -> None:
    document = cast(Document, sample_document.encounter())
    assert all(row.language is None for row in lines(document, []) if isinstance(row, TranscriptRow))


def test_what_is_not_understood_names_its_language_where_it_is_told() -> None:
    assert wording.state_name("unintelligible", "vi") == "speech not understood: Vietnamese"
    assert wording.state_name("unintelligible", "und") == "speech not understood: another language"
    assert wording.state_name("unintelligible") == "speech not understood"
