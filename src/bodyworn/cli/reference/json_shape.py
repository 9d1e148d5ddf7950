"""The form in which the JSON of a command is told of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class JsonShape:
    """The keys of a command's JSON object with what each holds; ``lines`` where there is one object a line."""

    what: str
    keys: Mapping[str, str]
    lines: bool = False
