"""Frozen dataclasses as JSON and back, by their type hints: one place for every shape that is stored or sent.

A field may be ``str``, ``int``, ``float``, ``bool``, ``None``, an enum, an aware ``datetime``, another dataclass, a
``tuple`` (``tuple[X, ...]`` or fixed), a ``Mapping[str, X]``, a union of these with ``None``, or :data:`Json` as it is.
``field(metadata=json_name("class"))`` renames a key; ``omit_default()`` leaves a key out while it has its default.

A dataclass that derives from :class:`JsonRow` is a list of its values, for shapes that there are a hundred thousand of.

Reading is strict: a missing key, an unknown key or a value of another type is a ``ValueError`` that says where.
"""

from __future__ import annotations

import functools
import types
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar, Union, cast, get_args, get_origin, get_type_hints

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

if TYPE_CHECKING:
    #: Any JSON value.
    Json: TypeAlias = bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"] | None
    #: A JSON object.
    JsonObject: TypeAlias = Mapping[str, Json]
else:
    Json, JsonObject = object, Mapping[str, object]

T = TypeVar("T", bound="DataclassInstance")
_NAME, _OMIT = "json name", "json omit"


class JsonRow:
    """A dataclass written as the list of its values in order of its fields, all of them always there."""

    __slots__ = ()


def json_name(name: str) -> Mapping[str, object]:
    """Metadata of a field whose JSON key is ``name``."""
    return {_NAME: name}


def omit_default() -> Mapping[str, object]:
    """Metadata of a field that is left out of the JSON while it has its default."""
    return {_OMIT: True}


def to_json(value: DataclassInstance) -> dict[str, Json]:
    """``value`` as a JSON object: enums by value, times in UTC with milliseconds, tuples as lists."""
    found: dict[str, Json] = {}
    for one in fields(value):
        held = getattr(value, one.name)
        if not (one.metadata.get(_OMIT) and held == _default(one)):
            found[_key(one)] = plain(held)
    return found


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
        shape: type[DataclassInstance] = type(cast("DataclassInstance", value))
        return [plain(getattr(value, one.name)) for one, _ in _fields(shape)]
    if is_dataclass(value) and not isinstance(value, type):
        return to_json(value)
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, Sequence):
        return [plain(item) for item in value]
    raise TypeError(f"{type(value).__name__} has no JSON form")


def from_json(cls: type[T], untrusted: object, where: str = "") -> T:
    """The ``cls`` that ``untrusted`` describes; ``ValueError`` naming the place that does not fit."""
    if not isinstance(untrusted, Mapping):
        raise ValueError(f"{where or cls.__name__} is not an object")
    known = {_key(one): (one, hint) for one, hint in _fields(cls)}
    if unknown := sorted(str(key) for key in untrusted if key not in known):
        raise ValueError(f"{where or cls.__name__} has no {unknown[0]!r}")
    values: dict[str, object] = {}
    for key, (one, hint) in known.items():
        if key in untrusted:
            values[one.name] = read(hint, untrusted[key], f"{where}.{key}" if where else key)
        elif one.default is MISSING and one.default_factory is MISSING:
            raise ValueError(f"{where or cls.__name__} lacks {key!r}")
    return cls(**values)


def read(hint: object, untrusted: object, where: str) -> object:
    """``untrusted`` as the type ``hint``; ``ValueError`` naming ``where`` if it is not one."""
    if hint in (Any, object):
        return untrusted
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return _one_of(arguments, untrusted, where)
    if origin is tuple:
        return _items(arguments, untrusted, where)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        if not isinstance(untrusted, Mapping):
            raise ValueError(f"{where} is not an object")
        return {str(key): read(arguments[1], item, f"{where}.{key}") for key, item in untrusted.items()}
    if isinstance(hint, type):
        return _value(hint, untrusted, where)
    raise TypeError(f"{where}: {hint!r} has no JSON form")


def _one_of(choices: Sequence[object], untrusted: object, where: str) -> object:
    if untrusted is None and type(None) in choices:
        return None
    problems = []
    for choice in choices:
        try:
            return read(choice, untrusted, where)
        except ValueError as error:
            problems.append(error)
    raise problems[0]


def _items(arguments: Sequence[object], untrusted: object, where: str) -> tuple[object, ...]:
    if not isinstance(untrusted, list | tuple):
        raise ValueError(f"{where} is not a list")
    if len(arguments) == 2 and arguments[1] is Ellipsis:
        return tuple(read(arguments[0], item, f"{where}[{i}]") for i, item in enumerate(untrusted))
    if len(untrusted) != len(arguments):
        raise ValueError(f"{where} has {len(untrusted)} items, not {len(arguments)}")
    return tuple(
        read(hint, item, f"{where}[{i}]") for i, (hint, item) in enumerate(zip(arguments, untrusted, strict=True))
    )


def _value(hint: type, untrusted: object, where: str) -> object:
    if hint is datetime:
        at = datetime.fromisoformat(_of(str, untrusted, where))
        if at.tzinfo is None:
            raise ValueError(f"{where} is a time without its zone")
        return at
    if issubclass(hint, Enum):
        try:
            return hint(untrusted)
        except ValueError:
            raise ValueError(f"{where} is not one of {', '.join(str(item.value) for item in hint)}") from None
    if issubclass(hint, JsonRow):
        shape: type = hint
        return shape(*_items([kind for _, kind in _fields(shape)], untrusted, where))
    if is_dataclass(hint):
        return from_json(hint, untrusted, where)
    if hint is float and isinstance(untrusted, int) and not isinstance(untrusted, bool):
        return float(untrusted)
    return _of(hint, untrusted, where)


def _of(hint: type, untrusted: object, where: str) -> Any:
    if not isinstance(untrusted, hint) or (isinstance(untrusted, bool) and hint is not bool):
        raise ValueError(f"{where} is not a {hint.__name__}")
    return untrusted


@functools.cache
def _fields(cls: type[DataclassInstance]) -> tuple[tuple[Field[object], object], ...]:
    hints = get_type_hints(cls)
    return tuple((one, hints[one.name]) for one in fields(cls))


def _key(one: Field[object]) -> str:
    return str(one.metadata.get(_NAME, one.name))


def _default(one: Field[object]) -> object:
    if one.default_factory is not MISSING:
        return one.default_factory()
    return one.default
