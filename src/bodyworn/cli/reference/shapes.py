"""The shapes of dataclasses as Markdown, for the reference: a table for each, and below it those that it holds."""

from __future__ import annotations

import re
import types
from collections.abc import Iterator, Mapping
from dataclasses import is_dataclass
from datetime import datetime
from enum import Enum
from typing import Union, get_args, get_origin

from bodyworn.cli.reference.markdown import plain, table
from bodyworn.domain.codec_fields import FieldShape, shape_of

_PLAIN: Mapping[object, str] = {
    str: "text",
    int: "whole number",
    float: "number",
    bool: "true or false",
    datetime: "time",
    type(None): "null",
}


def tables(roots: Mapping[str, type]) -> str:
    """A section for each root by its heading; a dataclass that several roots hold is described once."""
    seen: set[type] = set()
    parts = []
    for heading, root in roots.items():
        parts.append(f"## {heading}\n\n{_sentences(root)}\n\n{_table(root)}")
        parts += [f"### {cls.__name__}\n\n{_sentences(cls)}\n\n{_table(cls)}" for cls in _inner(root, seen)]
    return "\n\n".join(parts) + "\n"


def _inner(cls: type, seen: set[type]) -> Iterator[type]:
    for one in shape_of(cls):
        for inner in _held(one.hint):
            if not one.inline and inner not in seen:
                seen.add(inner)
                yield inner
                yield from _inner(inner, seen)


def _held(hint: object) -> Iterator[type]:
    """The dataclasses in a type."""
    if isinstance(hint, type) and is_dataclass(hint):
        yield hint
    for argument in get_args(hint):
        yield from _held(argument)


def _table(cls: type) -> str:
    return table(("key", "value"), (row for one in shape_of(cls) for row in _rows(one))).rstrip()


def _rows(one: FieldShape) -> Iterator[tuple[str, str]]:
    if one.inline and isinstance(one.hint, type):
        for inner in shape_of(one.hint):
            yield from _rows(inner)
    else:
        kind = _kind(one.hint)
        yield f"`{one.key}`", f"{kind.removesuffix(' or null')}, or absent" if one.omit else kind


def _kind(hint: object) -> str:
    arguments = get_args(hint)
    if hint in _PLAIN:
        return _PLAIN[hint]
    if get_origin(hint) in (Union, types.UnionType):
        return " or ".join(_kind(argument) for argument in arguments)
    if get_origin(hint) is tuple:
        return f"list of {_kind(arguments[0])}"
    if arguments:
        return f"object of {_kind(arguments[1])} by name"
    if isinstance(hint, type) and issubclass(hint, Enum):
        return ", ".join(f"`{member.value}`" for member in hint)
    if isinstance(hint, type) and is_dataclass(hint):
        return f"[{hint.__name__}](#{hint.__name__.lower()})"
    return "JSON value"


def _sentences(cls: type) -> str:
    """Its documentation as Markdown: one paragraph, references to code as their last name."""
    text = re.sub(r":\w+:`~?(?:[\w.]*\.)?(\w+)`", r"`\1`", plain(cls.__doc__))
    return text.replace("``", "`")
