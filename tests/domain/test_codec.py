"""Dataclasses as JSON and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

import pytest

from bodyworn.domain.codec import from_json, json_name, omit_default, to_json


class Color(StrEnum):
    RED = "red"


@dataclass(frozen=True)
class Inner:
    x: int
    kind: str = field(metadata=json_name("class"))


@dataclass(frozen=True)
class Outer:
    at: datetime
    color: Color
    pair: tuple[int, float]
    inner: tuple[Inner, ...] = ()
    by_name: Mapping[str, Inner] = field(default_factory=dict)
    note: str | None = None
    doubt: bool = field(default=False, metadata=omit_default())


WHOLE = Outer(
    datetime(2026, 1, 2, 3, 4, 5, 678000, UTC), Color.RED, (1, 2.5), (Inner(1, "a"),), {"b": Inner(2, "c")}, "n", True
)


def test_what_is_written_reads_back_the_same() -> None:
    assert from_json(Outer, to_json(WHOLE)) == WHOLE


def test_the_form_is_plain_json() -> None:
    bare = Outer(WHOLE.at, Color.RED, (1, 2))
    assert to_json(bare) == {
        "at": "2026-01-02T03:04:05.678Z",
        "color": "red",
        "pair": [1, 2],
        "inner": [],
        "by_name": {},
        "note": None,
    }


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"color": "blue"}, "color is not one of red"),
        ({"pair": [1]}, "pair has 1 items"),
        ({"pair": [True, 2.0]}, r"pair\[0\] is not a int"),
        ({"inner": [{"x": 1}]}, r"inner\[0\] lacks 'class'"),
        ({"inner": {"x": 1}}, "inner is not a list"),
        ({"more": 1}, "has no 'more'"),
        ({"at": "2026-01-02T03:04:05"}, "without its zone"),
        ({"note": 7}, "note is not a str"),
    ],
)
def test_other_shapes_are_refused_with_their_place(change: Mapping[str, object], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        from_json(Outer, {**to_json(WHOLE), **change})
