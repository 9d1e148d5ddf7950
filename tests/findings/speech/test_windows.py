"""Windows hold at most 28 s, and times map back to the recording."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bodyworn.domain.span import Span
from bodyworn.findings.speech.windows import LONGEST_MS, Window, pack


def test_short_pauses_are_packed_and_long_ones_split() -> None:
    spans = [Span(0, 2000), Span(3000, 5000), Span(20_000, 21_000)]
    assert [w.pieces for w in pack(spans, 3000)] == [(spans[0], spans[1]), (spans[2],)]


def test_speech_without_a_pause_is_split_evenly() -> None:
    windows = pack([Span(0, 60_000)], 3000)
    assert [w.span for w in windows] == [Span(0, 20_000), Span(20_000, 40_000), Span(40_000, 60_000)]


@given(st.lists(st.tuples(st.integers(0, 5000), st.integers(1, 70_000)), max_size=20), st.integers(0, 5000))
def test_nothing_is_lost_and_no_window_is_too_long(steps: list[tuple[int, int]], pause: int) -> None:
    spans, at = [], 0
    for gap, length in steps:
        spans.append(Span(at + gap, at + gap + length))
        at += gap + length
    windows = pack(spans, pause)
    assert sum(w.length_ms for w in windows) == sum(s.length_ms for s in spans)
    assert all(w.length_ms <= LONGEST_MS for w in windows)
    assert [p for w in windows for p in w.pieces] == sorted(p for w in windows for p in w.pieces)


def test_times_map_back_into_their_piece() -> None:
    window = Window((Span(1000, 3000), Span(10_000, 12_000)))
    assert window.to_recording(500, 900) == Span(1500, 1900)
    assert window.to_recording(2100, 2500) == Span(10_100, 10_500)
    assert window.to_recording(1900, 2500) == Span(10_000, 10_500)
    assert window.to_recording(3900, 4500) == Span(11_900, 12_000)
