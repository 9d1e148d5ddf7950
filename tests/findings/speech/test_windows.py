"""Windows hold at most 13 s, break where people pause, and lose nothing."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bodyworn.domain.span import Span
from bodyworn.findings.speech.activity import BLOCK_MS
from bodyworn.findings.speech.windows import LONGEST_MS, on_recording, pack

STEADY = np.full(200_000, 0.9, np.float32)


def test_short_pauses_stay_in_and_long_ones_split() -> None:
    spans = [Span(0, 2000), Span(3000, 5000), Span(20_000, 21_000)]
    assert pack(spans, STEADY, 2000) == [Span(0, 5000), Span(20_000, 21_000)]


def test_full_window_breaks_at_a_pause() -> None:
    spans = [Span(0, 7_000), Span(8_000, 14_000), Span(15_000, 20_000)]
    assert pack(spans, STEADY, 2000) == [Span(0, 7_000), Span(8_000, 20_000)]


def test_speech_without_a_pause_is_cut_where_the_voice_is_weakest() -> None:
    weak = STEADY.copy()
    weak[297:304] = 0.3
    first, second = pack([Span(0, 20_000)], weak, 2000)
    assert (first.end_ms, second.start_ms) == (round(300 * BLOCK_MS),) * 2


@given(st.lists(st.tuples(st.integers(0, 5000), st.integers(1, 70_000)), max_size=20), st.integers(0, 5000))
def test_nothing_is_lost_and_no_window_is_too_long(steps: list[tuple[int, int]], pause: int) -> None:
    spans, at = [], 0
    for gap, length in steps:
        spans.append(Span(at + gap, at + gap + length))
        at += gap + length
    windows = pack(spans, STEADY, pause)
    assert all(w.length_ms <= LONGEST_MS for w in windows)
    assert all(a.end_ms <= b.start_ms for a, b in itertools.pairwise(windows))
    for span in spans:
        assert sum(span.overlap_ms(w) for w in windows) == span.length_ms


def test_times_stay_inside_their_window() -> None:
    window = Span(10_000, 12_000)
    assert on_recording(window, 100, 500) == Span(10_100, 10_500)
    assert on_recording(window, 1900, 2500) == Span(11_900, 12_000)
    assert on_recording(window, 2500, 2400) == Span(12_000, 12_000)
