"""Plain tables: columns as wide as they need, the widest folded where the screen ends, nothing left out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import zip_longest

GAP = "  "
#: A column that needs more cells than this holds prose or names; such columns give up room first, down to the least.
PROSE, LEAST_PROSE, LEAST = 32, 12, 4
NUMBERS = frozenset({"row", "bytes", "i"})


def table(columns: Sequence[str], rows: Sequence[Sequence[str]], width: int | None = None) -> list[str]:
    """The lines of a table; with ``width``, none takes more cells of a terminal than that.

    The widest columns give up room first, so that ids, times and scores stay whole while they can.
    """
    widths = _natural(columns, rows)
    if width is not None:
        widths = _within(widths, width - len(GAP) * (len(columns) - 1))
    right = [column in NUMBERS for column in columns]
    lines = [*_lines(columns, widths, right), GAP.join("-" * one for one in widths)]
    for row in rows:
        lines += _lines(row, widths, right)
    return lines


def cells(text: str) -> int:
    """How many cells of a terminal ``text`` takes: two for each wide letter of East Asia."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def fold(text: str, width: int) -> list[str]:
    """``text`` in lines of at most ``width`` cells, broken at spaces where there are any."""
    if cells(text) <= width:
        return [text]
    lines, line = [], ""
    for word in re.findall(r"\S+\s*|\s+", text):
        if line and cells(line + word.rstrip()) > width:
            lines.append(line.rstrip())
            line = ""
        line += word
        while cells(line.rstrip()) > width:
            head = _head(line, width)
            lines.append(head)
            line = line[len(head) :]
    return [*lines, line.rstrip()] if line.strip() else lines


def _head(text: str, width: int) -> str:
    """As much of ``text`` as fits, at least one character; up to a hyphen, dot or slash if one comes late enough."""
    end = min(len(text), width)
    while end > 1 and cells(text[:end]) > width:
        end -= 1
    joint = max(text.rfind(mark, end // 2, end) for mark in "-_./")
    return text[: joint + 1] if joint >= 0 and end < len(text) else text[:end]


def _natural(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> list[int]:
    return [max(map(cells, column)) for column in zip(columns, *rows, strict=True)]


def _within(widths: Sequence[int], room: int) -> list[int]:
    """The widths with the widest cut down to one level, so that their sum is at most ``room`` where that can be."""
    for smallest, least in ((PROSE, LEAST_PROSE), (0, LEAST)):
        cut = [one > smallest for one in widths]
        level = max(widths)
        while level > least and sum(_cut(widths, cut, level)) > room:
            level -= 1
        widths = _cut(widths, cut, level)
    return list(widths)


def _cut(widths: Sequence[int], cut: Sequence[bool], level: int) -> list[int]:
    return [min(one, level) if may else one for one, may in zip(widths, cut, strict=True)]


def _lines(row: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> list[str]:
    if all(len(cell) <= width and cell.isascii() for cell, width in zip(row, widths, strict=True)):  # most rows
        return [GAP.join(map(_padded, row, widths, right)).rstrip()]
    folded = [fold(cell, width) for cell, width in zip(row, widths, strict=True)]
    return [GAP.join(map(_padded, line, widths, right)).rstrip() for line in zip_longest(*folded, fillvalue="")]


def _padded(text: str, width: int, right: bool) -> str:
    space = " " * (width - cells(text))
    return space + text if right else text + space
