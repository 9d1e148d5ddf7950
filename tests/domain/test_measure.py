"""Measures in words: the unit stands at the end of the name."""

from __future__ import annotations

import pytest

from bodyworn.domain.measure import measured


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("above_db", 9.2, ("above", "9.2 dB")),
        ("peak_widths_per_s", 1.6, ("peak", "1.6 widths/s")),
        ("luma_of_255", 16, ("luma", "16 of 255")),
        ("delay_ms", 7_000, ("delay", "7.0 s")),
        ("need_at_ms", 61_250, ("need at", "1:01.2")),
        ("higher_semitones", 3.0, ("higher", "3 semitones")),
        ("times", 2, ("times", "2")),
        ("answer", "none heard", ("answer", "none heard")),
    ],
)
def test_the_unit_moves_from_the_name_to_the_value(name: str, value: object, shown: tuple[str, str]) -> None:
    assert measured({name: value}) == (shown,)


def test_what_is_neither_number_nor_text_is_left_out() -> None:
    assert measured({"agency": True, "list": [1], "none": None}) == ()
