"""Spans of sound to hide, proposed from what was said.

A recording outside a library is listened to here, by the same stages and the same code; what they make lies in a
folder that vanishes. Where a library has heard a recording already, :func:`from_utterances` takes its artefact.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from bodyworn.domain.errors import InputError
from bodyworn.domain.redaction import SoundAction, SoundSpan
from bodyworn.engine.stage import Artefact, Inputs
from bodyworn.findings.stages import audio, probe, speakers, transcript, utterances
from bodyworn.media.render import Progress
from bodyworn.redactions.spoken import tagger
from bodyworn.redactions.spoken.proposing import explained, propose_words, spans
from bodyworn.redactions.spoken.words import talk_of

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
    talk = talk_of(said)
    return spans(talk, propose_words(talk, officers_too=officers_too), action)


def explain(said: Iterable[Mapping[str, Any]], *, officers_too: bool = False) -> list[dict[str, Any]]:
    """The same proposals for a person to decide by: ``{start_ms, end_ms, first_word, last_word, reason, confidence,
    why}``; words by their place in the recording, never themselves."""
    talk = talk_of(said)
    return explained(talk, propose_words(talk, officers_too=officers_too))


def listen(source: Path, progress: Progress, *, model: str | None = None) -> Sequence[Mapping[str, Any]]:
    """Utterances with words, times and roles. Nothing of them outlives the call but what is returned."""
    made: dict[str, Artefact] = {}
    with tempfile.TemporaryDirectory(prefix="bodyworn-") as folder:
        for stage in _STAGES:
            scratch = Path(folder) / stage.name
            scratch.mkdir()
            params = {**stage.defaults, **({"model": model} if model and "model" in stage.defaults else {})}
            read = {name: made[name] for name in stage.reads}
            made[stage.makes] = stage.run(Inputs(source, read, params, scratch), progress)
            if stage is probe.STAGE and not made["probe"].data["audio"]:
                raise InputError(f"{source.name} has no sound to listen to", "Leave speech out of --classes")
    rows: Sequence[Mapping[str, Any]] = made["utterances"].data["utterances"]
    return rows
