"""How the fields of a dataclass stand in JSON: metadata that change it, and the shape that ``domain.codec`` follows."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, fields
from typing import cast, get_type_hints

_NAME, _OMIT, _INLINE, _HIDE = "json name", "json omit", "json inline", "json hide"


class JsonRow:
    """A dataclass written as the list of its values in order of its fields, all of them always there."""

    __slots__ = ()


def json_name(name: str) -> Mapping[str, object]:
    """Metadata of a field whose JSON key is ``name``."""
    return {_NAME: name}


def omit_default() -> Mapping[str, object]:
    """Metadata of a field that is left out of the JSON while it has its default."""
    return {_OMIT: True}


def inlined() -> Mapping[str, object]:
    """Metadata of a field that holds a dataclass whose keys stand beside the others, not in an object of their own."""
    return {_INLINE: True}


def not_in_json() -> Mapping[str, object]:
    """Metadata of a field, with a default, that is neither written nor read."""
    return {_HIDE: True}


@dataclass(frozen=True)
class FieldShape:
    """How one field stands in JSON: ``keys`` are those it takes, more than one where it is written inline."""

    field: Field[object]
    hint: object
    name: str
    key: str
    keys: tuple[str, ...]
    init: bool
    inline: bool
    omit: bool

    @property
    def required(self) -> bool:
        """Whether it has no default."""
        return self.field.default is MISSING and self.field.default_factory is MISSING

    def default(self) -> object:
        """The default value."""
        return self.field.default_factory() if self.field.default_factory is not MISSING else self.field.default


@functools.cache
def shape_of(cls: type) -> tuple[FieldShape, ...]:
    """The fields of a dataclass that stand in its JSON, in order."""
    hints = get_type_hints(cls)
    return tuple(_field(one, hints[one.name]) for one in fields(cls) if not one.metadata.get(_HIDE))


def _field(one: Field[object], hint: object) -> FieldShape:
    key, inline = str(one.metadata.get(_NAME, one.name)), bool(one.metadata.get(_INLINE))
    keys = tuple(key for inner in shape_of(cast(type, hint)) for key in inner.keys) if inline else (key,)
    return FieldShape(one, hint, one.name, key, keys, one.init, inline, bool(one.metadata.get(_OMIT)))
