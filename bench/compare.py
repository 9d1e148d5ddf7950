"""The figures of two runs side by side."""

from __future__ import annotations

from collections.abc import Sequence

from bench.report import Section, table


def figures(sections: Sequence[Section]) -> dict[str, str]:
    """Every figure of every table, by section, the words of its row and the head of its column."""
    found: dict[str, str] = {}
    for section in sections:
        head: list[str] = []
        for line in section.text.splitlines():
            if not line.startswith("|"):
                head = []
                continue
            cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
            if not head:
                head = cells
                continue
            if all(set(cell) <= set("-: ") and cell for cell in cells):
                continue
            texts = [cell for cell in cells if not cell[:1].isdigit()]
            label = ", ".join(texts) or cells[0]
            for name, cell in zip(head, cells, strict=False):
                if cell not in texts and cell:
                    found[_free(found, f"{section.name}: {label}: {name}")] = cell
    return found


def _free(found: dict[str, str], name: str) -> str:
    """``name``, numbered if it is there already."""
    number, free = 1, name
    while free in found:
        number += 1
        free = f"{name} ({number})"
    return free


def compared(before: Sequence[Section], after: Sequence[Section], old: str, new: str) -> str:
    """A table of all figures that either run has; ``=`` where both are the same."""
    one, other = figures(before), figures(after)
    rows = [
        (name, one.get(name, ""), other.get(name, ""), "=" if one.get(name) == other.get(name) else "")
        for name in {**one, **other}
    ]
    return table(("figure", f"before ({old})", f"after ({new})", ""), rows)
