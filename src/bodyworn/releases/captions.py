"""Captions of a release: WebVTT and SRT with speaker roles, and what is masked in the sound masked in the text."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from bodyworn.domain.codec import JsonObject
from bodyworn.domain.language import ENGLISH, language_name
from bodyworn.domain.role import Role, role_kind, role_label
from bodyworn.domain.span import Span

MASK = "[redacted]"
UNCLEAR = "[unintelligible]"
LINE_LENGTH = 42
CUE_LENGTH = 2 * LINE_LENGTH
MIN_CUE_MS = 700
#: Players of SubRip read tags and cue settings; the same marks as plain signs.
_NO_MARKUP = str.maketrans({"<": "\u2039", ">": "\u203a", "{": "(", "}": ")"})
#: Masks in the sound reach this far beyond the words they hide; a neighbor that is touched no further stays.
MARGIN_MS = 60


class SpokenText(Protocol):
    """Something that was said, and when in the recording."""

    @property
    def span(self) -> Span:
        """When."""

    @property
    def text(self) -> str:
        """What."""


class SpokenTurn(SpokenText, Protocol):
    """What one speaker said in a row; ``words`` is empty where the source has no times of words."""

    @property
    def role(self) -> str:
        """Who speaks: ``officer_2``."""

    @property
    def words(self) -> Sequence[SpokenText]:
        """Its words."""

    @property
    def language(self) -> str:
        """The ISO 639 code of the language they are said in."""


@dataclass(frozen=True)
class CaptionWord:
    """A word to caption."""

    span: Span
    text: str


@dataclass(frozen=True)
class CaptionTurn:
    """A turn to caption."""

    span: Span
    role: str
    text: str
    words: tuple[CaptionWord, ...] = ()
    language: str = ENGLISH


def turns_of(utterances: Iterable[JsonObject]) -> list[CaptionTurn]:
    """The turns in the data of the ``utterances`` artifact."""
    return [
        CaptionTurn(
            _span(row),
            str(row["role"]),
            str(row["text"]),
            tuple(CaptionWord(_span(w), str(w["text"])) for w in _words(row)),
            str(row.get("language", ENGLISH)),
        )
        for row in utterances
    ]


def _words(row: JsonObject) -> Sequence[JsonObject]:
    words = row["words"]
    if not isinstance(words, Sequence):
        raise ValueError("words is not a list")
    return [word for word in words if isinstance(word, dict)]


def _span(row: JsonObject) -> Span:
    start, end = row["start_ms"], row["end_ms"]
    if not isinstance(start, int) or not isinstance(end, int):
        raise ValueError("a time is not a whole number of milliseconds")
    return Span(start, end)


@dataclass(frozen=True)
class Caption:
    """One caption: when it stands (milliseconds of the clip), who speaks, what is said and in which language."""

    span: Span
    role: str
    text: str
    language: str = ENGLISH

    @property
    def speaker(self) -> str:
        """Who speaks, as people read it, with the language where that is not English."""
        name = role_name(self.role)
        return name if self.language == ENGLISH else f"{name} ({language_name(self.language)})"


def role_name(role: str) -> str:
    """How a caption names a role: ``officer_2`` is ``Officer 2``."""
    return "Speaker" if role_kind(role) is Role.UNKNOWN else role_label(role)


def captions(turns: Iterable[SpokenTurn], clip: Span, masked: Sequence[Span]) -> list[Caption]:
    """Captions for ``clip`` (a span of the recording), from turns with timed words.

    A word that touches a masked span becomes ``[redacted]``; a run of them becomes one. A turn without timed words is
    masked whole if it touches a masked span, so that nothing slips through.
    """
    result: list[Caption] = []
    for turn in turns:
        words: Sequence[SpokenText] = turn.words or [turn]
        inside = [word for word in words if clip.start_ms <= word.span.start_ms and word.span.end_ms <= clip.end_ms]
        for group in _groups(inside, masked):
            start, end = group[0].span.start_ms, group[-1].span.end_ms
            shifted = Span(start - clip.start_ms, max(end, start + MIN_CUE_MS) - clip.start_ms)
            result.append(Caption(shifted, turn.role, " ".join(word.text for word in group), turn.language))
    return _without_overlap(sorted(result, key=lambda item: item.span), clip.length_ms)


def _groups(words: Sequence[SpokenText], masked: Sequence[Span]) -> Iterable[list[CaptionWord]]:
    """Words in groups that fit one caption, masked words joined."""
    group: list[CaptionWord] = []
    for word in words:
        hidden = any(_touches(word.span, mask) for mask in masked)
        text = MASK if hidden else word.text.strip()
        if text == MASK and group and group[-1].text == MASK:
            group[-1] = replace(group[-1], span=Span(group[-1].span.start_ms, word.span.end_ms))
            continue
        if group and sum(len(item.text) + 1 for item in group) + len(text) > CUE_LENGTH:
            yield group
            group = []
        group.append(CaptionWord(word.span, text))
    if group:
        yield group


def _touches(word: Span, hidden: Span) -> bool:
    """Whether a mask hides a word: it covers half of it or more, or reaches further in than its margin."""
    shared = Span(word.start_ms, max(word.end_ms, word.start_ms + 1)).overlap_ms(hidden)
    return shared > MARGIN_MS or (shared > 0 and 2 * shared >= word.length_ms)


def _without_overlap(items: list[Caption], length_ms: int) -> list[Caption]:
    """Each caption ends by the clip's end; one speaker's caption ends where that speaker's next one starts."""
    result = []
    for index, item in enumerate(items):
        later = [other.span.start_ms for other in items[index + 1 :] if other.role == item.role]
        end = min([item.span.end_ms, length_ms, *(start for start in later if start > item.span.start_ms)])
        result.append(replace(item, span=Span(item.span.start_ms, max(end, item.span.start_ms))))
    return result


def to_vtt(items: Iterable[Caption]) -> str:
    """WebVTT with a voice span for each speaker and a language span where it is not English (W3C WebVTT, 4.2.2)."""
    blocks = ["WEBVTT"]
    for item in items:
        times = f"{_time(item.span.start_ms, '.')} --> {_time(item.span.end_ms, '.')}"
        text = html.escape(_wrapped(item.text), quote=False)
        if item.language != ENGLISH:
            text = f"<lang {item.language}>{text}</lang>"
        blocks.append(f"{times}\n<v {item.speaker}>{text}</v>")
    return "\n\n".join(blocks) + "\n"


def to_srt(items: Iterable[Caption]) -> str:
    """SubRip; the speaker stands before the words. It cannot escape markup, so what would be a tag is another sign."""
    blocks = []
    for number, item in enumerate(items, start=1):
        times = f"{_time(item.span.start_ms, ',')} --> {_time(item.span.end_ms, ',')}"
        text = item.text.translate(_NO_MARKUP)
        blocks.append(f"{number}\n{times}\n{_wrapped(f'{item.speaker}: {text}')}\n")
    return "\n".join(blocks)


def _time(ms: int, point: str) -> str:
    seconds, rest = divmod(ms, 1000)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}{point}{rest:03d}"


def _wrapped(text: str) -> str:
    """Lines of at most ``LINE_LENGTH`` characters where words allow it."""
    import textwrap

    return "\n".join(textwrap.wrap(text, LINE_LENGTH, break_long_words=False, break_on_hyphens=False)) or text
