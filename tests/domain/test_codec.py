"""Dataclasses as JSON and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

import pytest

from bodyworn.domain.codec import from_json, inlined, json_name, not_in_json, omit_default, to_json


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


@dataclass(frozen=True)
class Place:
    left: int
    right: int


@dataclass(frozen=True)
class Marked:
    place: Place = field(metadata=inlined())
    name: str
    size: int = field(init=False)
    seen: bool = field(default=False, metadata=not_in_json())
    either: int | float | str = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "size", self.place.right - self.place.left)


MARKED = Marked(Place(1, 4), "a")


def test_inlined_keys_stand_beside_the_others_and_derived_ones_are_written() -> None:
    assert to_json(MARKED) == {"left": 1, "right": 4, "name": "a", "size": 3, "either": 0}
    assert from_json(Marked, to_json(MARKED)) == MARKED


def test_a_field_that_is_not_in_json_is_neither_written_nor_read() -> None:
    assert "seen" not in to_json(Marked(Place(1, 4), "a", seen=True))
    with pytest.raises(ValueError, match="has no 'seen'"):
        from_json(Marked, {**to_json(MARKED), "seen": True})


def test_a_derived_key_must_agree_but_may_be_absent() -> None:
    with pytest.raises(ValueError, match=r"size does not agree: 9"):
        from_json(Marked, {**to_json(MARKED), "size": 9})
    assert from_json(Marked, {"left": 1, "right": 4, "name": "a"}) == MARKED


def test_an_inlined_part_is_as_strict_as_any() -> None:
    with pytest.raises(ValueError, match="lacks 'right'"):
        from_json(Marked, {"left": 1, "name": "a"})


@pytest.mark.parametrize("value", [1, 1.0, "1"])
def test_a_value_of_several_types_keeps_its_own(value: object) -> None:
    read_back = from_json(Marked, {**to_json(MARKED), "either": value}).either
    assert read_back == value
    assert type(read_back) is type(value)


def test_the_place_is_named_from_the_outside_in() -> None:
    with pytest.raises(ValueError, match=r"^plan\.inner\[1\]\.x is not a int$"):
        from_json(Outer, {**to_json(WHOLE), "inner": [{"x": 1, "class": "a"}, {"x": "1", "class": "b"}]}, "plan")
