"""Pieces of Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table, with a line break at its end; bars in cells are escaped."""
    top, *lines = ["| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in [head, *rows]]
    return "".join([top, "|" + "---|" * len(head) + "\n", *lines])


def plain(text: str | None) -> str:
    """``text`` on one line."""
    return " ".join((text or "").split())


def names(of: Iterable[str]) -> str:
    """Names as code, with commas."""
    return ", ".join(f"`{name}`" for name in of)
