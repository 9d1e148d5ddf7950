"""Measures of findings in words for people: the unit stands at the end of a measure's name."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bodyworn.domain.span import clock, length

_UNITS = {"s": "s", "db": "dB", "hz": "Hz", "percent": "%", "ratio": "×", "semitones": "semitones"}
_MEASURE = re.compile(r"(?P<name>.*?)_?(?:(?P<what>[a-z]+)_per_(?P<per>[a-z]+)|of_(?P<most>\d+)|(?P<unit>[a-z]+))\Z")


def measured(measures: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    """Measures with the unit in their name as words: ``above_db`` 9.2 as ``above``, ``9.2 dB``.

    Also ``peak_widths_per_s`` 1.6 as ``peak``, ``1.6 widths/s`` and ``luma_of_255`` 16 as ``luma``, ``16 of 255``.
    What is not a number or text is left out.
    """
    return tuple(
        _measure(key, value)
        for key, value in measures.items()
        if isinstance(value, int | float | str) and not isinstance(value, bool)
    )


def _measure(key: str, value: float | str) -> tuple[str, str]:
    plain, found = key.replace("_", " "), _MEASURE.match(key)
    if isinstance(value, str) or found is None:
        return plain, value if isinstance(value, str) else _figure(value)
    name = found["name"].replace("_", " ")
    if found["what"] and not name:
        return found["what"], f"{_figure(value)}/{found['per']}"
    if found["what"]:
        return name, f"{_figure(value)} {found['what']}/{found['per']}"
    if found["most"] and name:
        return name, f"{_figure(value)} of {found['most']}"
    if found["unit"] == "ms" and name.endswith(" at"):
        return name, clock(int(value))
    if found["unit"] == "ms" and name:
        return name, length(int(value))
    if found["unit"] in _UNITS and name:
        return name, f"{_figure(value)} {_UNITS[found['unit']]}"
    return plain, _figure(value)


def _figure(value: float) -> str:
    return str(value) if isinstance(value, int) else f"{value:.2f}".rstrip("0").rstrip(".")
