"""Spans of sound to hide, proposed from what was said.

A recording outside a library is listened to here, by the same stages and the same code; what they make lies in a
folder that vanishes. Where a library has heard a recording already, :func:`from_utterances` takes its artifact.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from bodyworn.domain.errors import InputError
from bodyworn.domain.progress import Progress
from bodyworn.domain.redaction import SoundAction, SoundSpan
from bodyworn.domain.span import Span
from bodyworn.engine.stage import Artifact, Inputs
from bodyworn.findings.stages import audio, probe, speakers, transcript, utterances
from bodyworn.redactions.spoken import tagger
from bodyworn.redactions.spoken.proposing import explained, place, propose_words, spans
from bodyworn.redactions.spoken.words import plain, transcript_of

#: How far beyond a turn a voice is disguised, in milliseconds: its first and last sounds are found less surely.
_AROUND_MS = 200
_STAGES = (probe.STAGE, audio.STAGE, transcript.STAGE, speakers.STAGE, utterances.STAGE)


def propose(
    source: Path,
    progress: Progress,
    *,
    action: SoundAction = SoundAction.BLEEP,
    officers_too: bool = False,
    model: str | None = None,
) -> Sequence[SoundSpan]:
    """Spoken names, numbers and addresses in ``source``, as spans in milliseconds of the recording.

    ``model`` is a speech model of the registry or a folder. Raises :class:`InputError` if there is no sound,
    :class:`~bodyworn.domain.errors.ModelError` if a model is missing, and what the stages raise.
    """
    tagger.load()
    return from_utterances(listen(source, progress, model=model), action=action, officers_too=officers_too)


def from_utterances(
    said: Iterable[Mapping[str, Any]], *, action: SoundAction = SoundAction.BLEEP, officers_too: bool = False
) -> list[SoundSpan]:
    """Spans to hide in ``utterances`` (or a transcript's ``segments``): rows with words and their times."""
    talk = transcript_of(said)
    return spans(talk, propose_words(talk, officers_too=officers_too), action)


def explain(said: Iterable[Mapping[str, Any]], *, officers_too: bool = False) -> list[dict[str, Any]]:
    """The same proposals for a person to decide by: ``{start_ms, end_ms, first_word, last_word, reason, confidence,
    why}``; words by their place in the recording, never themselves."""
    talk = transcript_of(said)
    return explained(talk, propose_words(talk, officers_too=officers_too))


def places_of(said: Iterable[Mapping[str, Any]], text: str) -> list[Span]:
    """Where the words of ``text`` are said one after the other, as wide as a mask has to be."""
    talk, wanted = transcript_of(said), [plain(word) for word in text.split()]
    row = [word.plain for word in talk.words]
    starts = [at for at in range(len(row) - len(wanted) + 1) if wanted and row[at : at + len(wanted)] == wanted]
    return [Span(*place(talk, at, at + len(wanted) - 1)) for at in starts]


def turns_of(said: Iterable[Mapping[str, Any]], who: str) -> list[Span]:
    """When ``who`` (the name of a speaker, or a role) speaks, a little wider; what touches is one."""
    turns: list[Span] = []
    for row in said:
        if who in (row["speaker"], row["role"]):
            start, end = max(0, row["start_ms"] - _AROUND_MS), row["end_ms"] + _AROUND_MS
            if turns and start <= turns[-1].end_ms:
                start, end = turns[-1].start_ms, max(end, turns.pop().end_ms)
            turns.append(Span(start, end))
    return turns


def listen(source: Path, progress: Progress, *, model: str | None = None) -> Sequence[Mapping[str, Any]]:
    """Utterances with words, times and roles. Nothing of them outlives the call but what is returned."""
    made: dict[str, Artifact] = {}
    with tempfile.TemporaryDirectory(prefix="bodyworn-") as folder:
        for stage in _STAGES:
            scratch = Path(folder) / stage.name
            scratch.mkdir()
            params = {**stage.defaults, **({"model": model} if model and "model" in stage.defaults else {})}
            read = {name: made[name] for name in stage.reads}
            made[stage.makes] = stage.run(Inputs(source, read, params, scratch), progress)
            if stage is probe.STAGE and not made["probe"].data["audio"]:
                raise InputError(f"{source.name} has no sound to listen to", "Leave speech out of the classes")
    rows: Sequence[Mapping[str, Any]] = made["utterances"].data["utterances"]
    return rows
