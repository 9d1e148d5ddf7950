"""The word lists of the rules, from ``word_lists.toml`` beside this file."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("word_lists.toml")


@cache
def _lists() -> dict[str, dict[str, str]]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def listed(name: str) -> frozenset[str]:
    """The words of the list ``section.name``; ``KeyError`` if there is none."""
    section, _, key = name.partition(".")
    return frozenset(_lists()[section][key].split())
