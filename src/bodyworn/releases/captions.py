"""Captions of a release: WebVTT and SRT with speaker roles, and what is masked in the sound masked in the text."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bodyworn.domain.role import Role, role_kind, role_label
from bodyworn.domain.span import Span

MASK = "[redacted]"
UNCLEAR = "[unintelligible]"
LINE_LENGTH = 42
CUE_LENGTH = 2 * LINE_LENGTH
MIN_CUE_MS = 700
#: Masks in the sound reach this far beyond the words they hide; a neighbor that is touched no further stays.
MARGIN_MS = 60


@dataclass(frozen=True)
class Caption:
    """One caption: when it stands (milliseconds of the clip), who speaks, and what is said."""

    span: Span
    role: str
    text: str


def role_name(role: str) -> str:
    """How a caption names a role: ``officer_2`` is ``Officer 2``."""
    return "Speaker" if role_kind(role) is Role.UNKNOWN else role_label(role)


def captions(utterances: Iterable[Mapping[str, Any]], clip: Span, masked: Sequence[Span]) -> list[Caption]:
    """Captions for ``clip`` (a span of the recording), from utterances with timed words.

    A word that touches a masked span becomes ``[redacted]``; a run of them becomes one. An utterance without timed
    words is masked whole if it touches a masked span, so that nothing slips through.
    """
    result: list[Caption] = []
    for utterance in utterances:
        words = utterance["words"] or [{**utterance, "text": utterance["text"]}]
        inside = [word for word in words if clip.start_ms <= word["start_ms"] and word["end_ms"] <= clip.end_ms]
        for group in _groups(inside, masked):
            start, end = group[0][0].start_ms, group[-1][0].end_ms
            shifted = Span(start - clip.start_ms, max(end, start + MIN_CUE_MS) - clip.start_ms)
            result.append(Caption(shifted, utterance["role"], " ".join(text for _, text in group)))
    return _without_overlap(sorted(result, key=lambda item: item.span), clip.length_ms)


def _groups(words: Sequence[Mapping[str, Any]], masked: Sequence[Span]) -> Iterable[list[tuple[Span, str]]]:
    """Words in groups that fit one caption, masked words joined."""
    group: list[tuple[Span, str]] = []
    for word in words:
        span = Span(word["start_ms"], word["end_ms"])
        text = MASK if any(_touches(span, hidden) for hidden in masked) else word["text"].strip()
        if text == MASK and group and group[-1][1] == MASK:
            group[-1] = (Span(group[-1][0].start_ms, span.end_ms), MASK)
            continue
        if group and sum(len(item) + 1 for _, item in group) + len(text) > CUE_LENGTH:
            yield group
            group = []
        group.append((span, text))
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
        result.append(Caption(Span(item.span.start_ms, max(end, item.span.start_ms)), item.role, item.text))
    return result


def to_vtt(items: Iterable[Caption]) -> str:
    """WebVTT with a voice span for each speaker (W3C WebVTT, 4.2.2)."""
    blocks = ["WEBVTT"]
    for item in items:
        times = f"{_time(item.span.start_ms, '.')} --> {_time(item.span.end_ms, '.')}"
        blocks.append(f"{times}\n<v {role_name(item.role)}>{html.escape(_wrapped(item.text), quote=False)}</v>")
    return "\n\n".join(blocks) + "\n"


def to_srt(items: Iterable[Caption]) -> str:
    """SubRip; the speaker stands before the words."""
    blocks = []
    for number, item in enumerate(items, start=1):
        times = f"{_time(item.span.start_ms, ',')} --> {_time(item.span.end_ms, ',')}"
        blocks.append(f"{number}\n{times}\n{_wrapped(f'{role_name(item.role)}: {item.text}')}\n")
    return "\n".join(blocks)


def _time(ms: int, point: str) -> str:
    seconds, rest = divmod(ms, 1000)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}{point}{rest:03d}"


def _wrapped(text: str) -> str:
    """Lines of at most ``LINE_LENGTH`` characters where words allow it."""
    import textwrap

    return "\n".join(textwrap.wrap(text, LINE_LENGTH, break_long_words=False, break_on_hyphens=False)) or text
