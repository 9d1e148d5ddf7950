"""Which rows of a noun a person may see: everything, nothing, or a restriction that storage turns into SQL.

A restriction speaks of the *attributes* of a thing (``recording_id``, ``unit`` …). ``matches`` answers for one thing
and :mod:`bodyworn.storage.rows.visibility` writes the same condition as SQL, so that a list never has to be loaded to
be filtered. A thing that lacks the attribute is not seen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Thing:
    """What an action is about: one row of ``noun``, or the noun as a whole while ``id`` is empty.

    An attribute may have several values: an encounter has several recordings.
    """

    noun: str
    id: str = ""
    attributes: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)

    def values(self, attribute: str) -> tuple[str, ...]:
        """The values of the attribute, ``id`` among them; empty where the thing has none."""
        if attribute == "id":
            return (self.id,)
        value = self.attributes.get(attribute, ())
        return (value,) if isinstance(value, str) else value

    def __str__(self) -> str:
        return self.id or self.noun


@dataclass(frozen=True)
class Everything:
    """All rows."""

    def matches(self, _thing: Thing) -> bool:
        """Always."""
        return True


@dataclass(frozen=True)
class Nothing:
    """No row."""

    def matches(self, _thing: Thing) -> bool:
        """Never."""
        return False


@dataclass(frozen=True)
class OneOf:
    """Rows whose ``attribute`` has one of ``values``."""

    attribute: str
    values: frozenset[str]

    def matches(self, thing: Thing) -> bool:
        """Whether it has."""
        return any(value in self.values for value in thing.values(self.attribute))


@dataclass(frozen=True)
class NoneOf:
    """Rows whose ``attribute`` is there and has none of ``values``."""

    attribute: str
    values: frozenset[str]

    def matches(self, thing: Thing) -> bool:
        """Whether it has none."""
        values = thing.values(self.attribute)
        return bool(values) and not any(value in self.values for value in values)


@dataclass(frozen=True)
class AllOf:
    """Rows that every part lets through."""

    parts: tuple[Visibility, ...]

    def matches(self, thing: Thing) -> bool:
        """Whether every part does."""
        return all(part.matches(thing) for part in self.parts)


@dataclass(frozen=True)
class AnyOf:
    """Rows that at least one part lets through."""

    parts: tuple[Visibility, ...]

    def matches(self, thing: Thing) -> bool:
        """Whether one does."""
        return any(part.matches(thing) for part in self.parts)


Visibility = Everything | Nothing | OneOf | NoneOf | AllOf | AnyOf
EVERYTHING = Everything()
