"""Captions become turns: voices and labels inside a caption, dashes, and speakers named only when they change."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bodyworn.findings.cues.turns import CueTurn
from bodyworn.findings.transcripts.labels import Label, label_of, role_of_label
from bodyworn.findings.transcripts.text import is_sound, said

_VOICE = re.compile(r"<v(?:\.[^\s>]{0,200})?[ \t]{1,8}([^>]{1,200})>")
_CHANGE = re.compile(r"(?:&gt;|>){2,3}\s*")
_DASH = re.compile(r"(?:-{1,2}|–|—)\s+(?=\S)|-(?=[A-Z\"'])")
#: Where another label can begin inside a line: after the end of a sentence.
_INSIDE = re.compile(r"(?<=[.!?…\"'”])\s+(?=[\[(]?[A-Z][\w .#'’-]{1,40}(?:[\])]?:|[\])])\s)")


@dataclass(frozen=True)
class _Part:
    """A stretch of text: who says it by a voice tag or label, and whether it begins a new turn."""

    text: str
    role: str | None
    begins: bool
    changes: bool


def turns_of(texts: Iterable[Iterable[str]]) -> tuple[CueTurn, ...]:
    """The turns of captions, given the lines of each. ``unknown`` where nobody is named."""
    captions = [list(lines) for lines in texts]
    names = _names(captions)
    marked = _marks_changes(captions)
    turns: list[CueTurn] = []
    speaker = "unknown"
    for lines in captions:
        first = True
        for part in (part for line in lines for part in _parts(line, names)):
            if part.role is not None:
                speaker = part.role
            elif (
                part.changes
                or (first and part.begins)
                or (first and not marked and not (turns and _open(turns[-1].text)))
            ):
                speaker = "unknown"
            if not is_sound(part.text):
                _add(turns, CueTurn(speaker, part.text), joined=not first and not part.begins)
            first = first and not part.text and part.role is None
    return tuple(turns)


def _marks_changes(captions: list[list[str]]) -> bool:
    """Whether ``>>`` marks most changes of the speaker, so that what has none goes on with the one before."""
    heads = [said(line) for lines in captions for line in lines]
    marks = sum(bool(_CHANGE.match(head)) for head in heads)
    labels = sum((label := label_of(head)) is not None and label.sure for head in heads)
    return marks > 0 and marks >= labels


def _add(turns: list[CueTurn], turn: CueTurn, *, joined: bool) -> None:
    if joined and turns and turns[-1].role == turn.role:
        turns[-1] = CueTurn(turn.role, f"{turns[-1].text} {turn.text}".strip())
    elif turn.text:
        turns.append(turn)


def _open(text: str) -> bool:
    """Whether a sentence goes on in the next caption."""
    return not text.rstrip().endswith((".", "!", "?", "…", '"', "”"))


def _parts(line: str, names: frozenset[str]) -> Iterator[_Part]:
    pieces = _VOICE.split(line)
    if said(pieces[0]):
        yield from _labeled(pieces[0], names)
    for name, text in zip(pieces[1::2], pieces[2::2], strict=True):
        yield _Part(said(text), role_of_label(said(name)) or "unknown", begins=True, changes=True)


def _labeled(raw: str, names: frozenset[str]) -> Iterator[_Part]:
    text = said(raw)
    changes = bool(change := _CHANGE.match(text))
    text = text[change.end() :] if change else text
    dash = _DASH.match(text)
    text = text[dash.end() :] if dash else text
    head = _label(text, names)
    first, *further = _INSIDE.split(text[head.length :] if head else text)
    starts = bool(dash or changes)
    yield _Part(first, head.role if head else None, begins=starts or head is not None, changes=starts)
    for part in further:
        label = _label(part, names)
        role = label.role if label else None
        yield _Part(part[label.length :] if label else part, role, begins=label is not None, changes=False)


def _label(text: str, names: frozenset[str]) -> Label | None:
    label = label_of(text)
    return label if label is not None and (label.sure or label.name in names) else None


def _names(captions: list[list[str]]) -> frozenset[str]:
    """Names before a colon that come back, or that stand before every caption: labels, though they say no role."""
    heads = [label_of(_DASH.sub("", said(lines[0]), count=1)) for lines in captions if lines]
    counted = Counter(label.name for label in heads if label is not None)
    everywhere = len(heads) > 1 and sum(label is not None for label in heads) >= 0.7 * len(heads)
    return frozenset(name for name, count in counted.items() if count > 1 or everywhere)
