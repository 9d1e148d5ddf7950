"""Frozen dataclasses as JSON and back, by their type hints: one place for every shape that is stored or sent.

A field may be ``str``, ``int``, ``float``, ``bool``, ``None``, an enum, an aware ``datetime``, another dataclass, a
``tuple`` (``tuple[X, ...]`` or fixed), a ``Mapping[str, X]``, a union of these with ``None``, or :data:`Json` as it is.
Metadata of a field change its form: ``json_name("class")`` renames the key, ``omit_default()`` leaves it out while it
has its default, ``inlined()`` writes the keys of a dataclass beside those of its owner, ``not_in_json()`` keeps a
field out. A field with ``init=False`` is derived: it is written, and must agree when it is read.

A dataclass that derives from :class:`JsonRow` is a list of its values, for shapes that there are a hundred thousand of.

Reading is strict: a missing key, an unknown key or a value of another type is a ``ValueError`` that says where.
Readers and writers are built once for each type, so that a transcript of 20,000 words reads in a fraction of a second.
"""

from __future__ import annotations

import functools
import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import is_dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar, Union, cast, get_args, get_origin

from bodyworn.domain.codec_fields import JsonRow, inlined, json_name, not_in_json, omit_default, shape_of

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

if TYPE_CHECKING:
    #: Any JSON value.
    Json: TypeAlias = bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"] | None
    #: A JSON object.
    JsonObject: TypeAlias = Mapping[str, Json]
else:
    Json, JsonObject = object, Mapping[str, object]

__all__ = [
    "Json",
    "JsonObject",
    "JsonRow",
    "from_json",
    "inlined",
    "json_name",
    "not_in_json",
    "omit_default",
    "plain",
    "read",
    "to_json",
]

T = TypeVar("T", bound="DataclassInstance")
#: ``reader(untrusted)`` -> the value; raises :class:`_Misfit`.
_Reader = Callable[[object], object]


def to_json(value: DataclassInstance) -> dict[str, Json]:
    """``value`` as a JSON object: enums by value, times in UTC with milliseconds, tuples as lists."""
    found: dict[str, Json] = {}
    for one in shape_of(type(value)):
        held = getattr(value, one.name)
        if one.inline:
            found.update(to_json(held))
        elif not (one.omit and held == one.default()):
            found[one.key] = held if type(held) in _AS_IS else plain(held)
    return found


_AS_IS = frozenset({str, int, float, bool, type(None)})


def plain(value: object) -> Json:
    """Any value that a field may have, as JSON; ``TypeError`` for others."""
    if isinstance(value, Enum):
        return cast(Json, value.value)
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("a time without its zone")
        return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if isinstance(value, JsonRow):
        return [plain(getattr(value, one.name)) for one in shape_of(cast(type, type(value)))]
    if is_dataclass(value) and not isinstance(value, type):
        return to_json(value)
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, Sequence):
        return [cast(Json, item) if type(item) in _AS_IS else plain(item) for item in value]
    raise TypeError(f"{type(value).__name__} has no JSON form")


def from_json(cls: type[T], untrusted: object, where: str = "") -> T:
    """The ``cls`` that ``untrusted`` describes; ``ValueError`` naming the place that does not fit."""
    return cast(T, read(cls, untrusted, where))


def read(hint: object, untrusted: object, where: str = "") -> object:
    """``untrusted`` as the type ``hint``; ``ValueError`` naming ``where`` if it is not one."""
    try:
        return _reader(hint)(untrusted)
    except _Misfit as misfit:
        whole = getattr(hint, "__name__", "the value")
        raise ValueError(f"{(where + misfit.place).lstrip('.') or whole} {misfit.problem}") from None


class _Misfit(ValueError):
    """What does not fit; its place is put together on the way out, so that reading what fits costs nothing."""

    def __init__(self, problem: str, place: str = "") -> None:
        super().__init__(problem)
        self.problem, self.place = problem, place

    def within(self, place: str) -> _Misfit:
        """The same, seen from one level higher."""
        return _Misfit(self.problem, place + self.place)


@functools.cache
def _reader(hint: object) -> _Reader:
    if hint in (Any, object):
        return lambda untrusted: untrusted
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return _union_reader(arguments)
    if origin is tuple:
        return _list_reader(arguments[0]) if arguments[1:] == (Ellipsis,) else _tuple_reader(arguments)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return _mapping_reader(arguments[1])
    if isinstance(hint, type):
        return _value_reader(hint)
    raise TypeError(f"{hint!r} has no JSON form")


def _union_reader(choices: Sequence[object]) -> _Reader:
    readers = [_reader(choice) for choice in choices if choice is not type(None)]
    optional = type(None) in choices

    def reader(untrusted: object) -> object:
        if untrusted is None and optional:
            return None
        problems: list[_Misfit] = []
        for one in readers:
            try:
                return one(untrusted)
            except _Misfit as misfit:
                problems.append(misfit)
        raise problems[0]

    return reader


def _list_reader(hint: object) -> _Reader:
    one = _reader(hint)

    def reader(untrusted: object) -> object:
        items = _items(untrusted)
        if hint in _AS_IS and set(map(type, items)) <= {hint}:
            return tuple(items)
        found: list[object] = []
        try:
            for item in items:
                found.append(one(item))
        except _Misfit as misfit:
            raise misfit.within(f"[{len(found)}]") from None
        return tuple(found)

    return reader


def _tuple_reader(hints: Sequence[object]) -> _Reader:
    readers = [_reader(hint) for hint in hints]

    def reader(untrusted: object) -> object:
        items = _items(untrusted)
        if len(items) != len(readers):
            raise _Misfit(f"has {len(items)} items, not {len(readers)}")
        found: list[object] = []
        try:
            for one, item in zip(readers, items, strict=True):
                found.append(one(item))
        except _Misfit as misfit:
            raise misfit.within(f"[{len(found)}]") from None
        return tuple(found)

    return reader


def _items(untrusted: object) -> Sequence[object]:
    if not isinstance(untrusted, list | tuple):
        raise _Misfit("is not a list")
    return untrusted


def _mapping_reader(hint: object) -> _Reader:
    one = _reader(hint)

    def reader(untrusted: object) -> object:
        if not isinstance(untrusted, Mapping):
            raise _Misfit("is not an object")
        found: dict[str, object] = {}
        for key, item in untrusted.items():
            try:
                found[str(key)] = one(item)
            except _Misfit as misfit:
                raise misfit.within(f".{key}") from None
        return found

    return reader


def _value_reader(hint: type) -> _Reader:
    if hint is datetime:
        return _moment
    if issubclass(hint, Enum):
        return functools.partial(_member, hint)
    if issubclass(hint, JsonRow):
        values = _tuple_reader([one.hint for one in shape_of(cast(type, hint))])
        return lambda untrusted: hint(*cast("tuple[object, ...]", values(untrusted)))
    if is_dataclass(hint):
        return _object_reader(hint)
    accepted = (int, float) if hint is float else (hint,)

    def reader(untrusted: object) -> object:
        if type(untrusted) is hint:
            return untrusted
        if not isinstance(untrusted, accepted) or (isinstance(untrusted, bool) and hint is not bool):
            raise _Misfit(f"is not a {hint.__name__}")
        return float(untrusted) if hint is float and isinstance(untrusted, int) else untrusted

    return reader


def _moment(untrusted: object) -> object:
    if not isinstance(untrusted, str):
        raise _Misfit("is not a str")
    try:
        at = datetime.fromisoformat(untrusted)
    except ValueError as error:
        raise _Misfit("is not a time in ISO 8601") from error
    if at.tzinfo is None:
        raise _Misfit("is a time without its zone")
    return at


def _member(hint: type[Enum], untrusted: object) -> object:
    try:
        return hint(untrusted)
    except ValueError:
        raise _Misfit(f"is not one of {', '.join(str(item.value) for item in hint)}") from None


def _object_reader(cls: type) -> _Reader:
    shape = shape_of(cls)
    known = frozenset(key for one in shape for key in one.keys)
    values = [one for one in shape if one.init and not one.inline]
    inline = [one for one in shape if one.inline]
    derived = [one for one in shape if not one.init]
    readers = {one.name: _reader(one.hint) for one in values + inline}

    def reader(untrusted: object) -> object:
        if not isinstance(untrusted, Mapping):
            raise _Misfit("is not an object")
        if not known.issuperset(untrusted):
            raise _Misfit(f"has no {min(str(key) for key in untrusted if key not in known)!r}")
        found: dict[str, object] = {}
        for one in values:
            if one.key in untrusted:
                try:
                    found[one.name] = readers[one.name](untrusted[one.key])
                except _Misfit as misfit:
                    raise misfit.within(f".{one.key}") from None
            elif one.required:
                raise _Misfit(f"lacks {one.key!r}")
        for one in inline:
            found[one.name] = readers[one.name]({key: untrusted[key] for key in one.keys if key in untrusted})
        try:
            made = cls(**found)
        except ValueError as error:
            raise error if isinstance(error, _Misfit) else _Misfit(f"does not hold: {error}") from None
        for one in derived:
            if one.key in untrusted and untrusted[one.key] != plain(getattr(made, one.name)):
                raise _Misfit(f"does not agree: {untrusted[one.key]!r}", f".{one.key}")
        return made

    return reader
