"""The algebra of stretches of time, and times in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bodyworn.domain.span import Span, clipped, clock, covered_ms, in_all, length, merge, minus, runs

SPANS = st.builds(lambda start, ms: Span(start, start + ms), st.integers(0, 60), st.integers(0, 30))
LISTS = st.lists(SPANS, max_size=8)


def instants(spans: Iterable[Span]) -> set[int]:
    """The milliseconds that the spans hold."""
    return {at for span in spans for at in range(span.start_ms, span.end_ms)}


@pytest.mark.parametrize(("start", "end"), [(-1, 5), (6, 5)])
def test_a_span_does_not_begin_before_0_or_end_before_it_begins(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="not a span"):
        Span(start, end)


@given(LISTS, st.integers(0, 10))
def test_merged_spans_are_sorted_and_further_apart_than_the_gap(spans: list[Span], gap: int) -> None:
    joined = merge(spans, gap)
    assert all(second.start_ms - first.end_ms > gap for first, second in pairwise(joined))
    assert instants(spans) <= instants(joined)
    if gap == 0:
        assert instants(spans) == instants(joined)


@given(LISTS, LISTS)
def test_minus_leaves_what_no_hole_holds(spans: list[Span], holes: list[Span]) -> None:
    left = minus(spans, holes)
    assert instants(left) == instants(spans) - instants(holes)
    assert all(span.length_ms for span in left)


def test_minus_keeps_the_order_and_takes_holes_in_any_order() -> None:
    holes = [Span(30, 35), Span(10, 20), Span(90, 120)]
    assert minus([Span(0, 32), Span(40, 50), Span(95, 100)], holes) == [Span(0, 10), Span(20, 30), Span(40, 50)]


@given(LISTS, SPANS)
def test_clipped_spans_lie_within(spans: list[Span], within: Span) -> None:
    assert instants(clipped(spans, within)) == instants(spans) & instants([within])


@given(LISTS, SPANS)
def test_covered_time_is_counted_once(spans: list[Span], within: Span) -> None:
    assert covered_ms(spans, within) == len(instants(spans) & instants([within]))


@given(st.lists(LISTS, max_size=3))
def test_what_is_in_all_lists(lists: list[list[Span]]) -> None:
    expected = set.intersection(*map(instants, lists)) if lists else set()
    assert instants(in_all(lists)) == expected


@given(st.lists(st.booleans(), max_size=20))
def test_runs_hold_exactly_the_true_flags(flags: Sequence[bool]) -> None:
    found = runs(flags)
    assert [at for first, after in found for at in range(first, after)] == [at for at, flag in enumerate(flags) if flag]
    assert all(second[0] > first[1] for first, second in pairwise(found))


@pytest.mark.parametrize(("ms", "text"), [(0, "0:00.0"), (61_250, "1:01.2"), (3_600_000, "1:00:00.0")])
def test_a_time_on_the_clock(ms: int, text: str) -> None:
    assert clock(ms) == text


@pytest.mark.parametrize(
    ("ms", "text"), [(400, "0.4 s"), (30_000, "30 s"), (125_000, "2 min 05 s"), (3_720_000, "1 h 02 min")]
)
def test_a_length_in_words(ms: int, text: str) -> None:
    assert length(ms) == text
