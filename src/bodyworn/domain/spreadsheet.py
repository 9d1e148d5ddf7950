"""Cells of tables that people open in a spreadsheet."""

from __future__ import annotations

#: How a cell begins that a spreadsheet calculates (OWASP, CSV injection), in full width too.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def plain_cell(text: str) -> str:
    """``text`` as no spreadsheet calculates it: with an apostrophe in front where it would."""
    return f"'{text}" if text.startswith(_FORMULA) else text
