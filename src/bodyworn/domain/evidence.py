"""What a finding rests on: words that were said, or figures that were measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from bodyworn.domain.codec import omit_default

#: A figure with its unit in its name, a yes or no, or a text such as ``none heard``.
Measure: TypeAlias = bool | int | float | str


@dataclass(frozen=True)
class QuotedUtterance:
    """One utterance that a finding rests on: its number ``i``, when it begins, who says it, and the words."""

    i: int
    start_ms: int
    role: str
    quote: str


@dataclass(frozen=True)
class Evidence:
    """What a finding rests on. A key is absent where there is nothing of the kind.

    ``quote`` holds the words that were said and ``words`` those that triggered the finding, ``i`` the number of the
    utterance. ``measures`` have units in their names. ``rests_on`` are all utterances of a derived finding,
    ``speakers`` those who speak at once, ``note`` is a caution in words.
    """

    quote: str | None = field(default=None, metadata=omit_default())
    words: tuple[str, ...] | None = field(default=None, metadata=omit_default())
    i: int | None = field(default=None, metadata=omit_default())
    rests_on: tuple[QuotedUtterance, ...] | None = field(default=None, metadata=omit_default())
    measures: Mapping[str, Measure] | None = field(default=None, metadata=omit_default())
    note: str | None = field(default=None, metadata=omit_default())
    speakers: tuple[str, ...] | None = field(default=None, metadata=omit_default())
