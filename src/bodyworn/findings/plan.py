"""Which stages there are, and the plan for one recording. Nothing registers itself: ``STAGES`` names them all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from bodyworn.domain.codec import Json
from bodyworn.domain.recording import Recording
from bodyworn.engine.plan import PlannedStage, StagePlan, sort_out
from bodyworn.engine.stage import Stage, UsesMoreModels
from bodyworn.findings.stages import audio, cues, derived, probe, sight, sound, speakers, transcript, utterances
from bodyworn.models import registry

#: In the order in which they are begun when more than one could be; ``reads`` and ``makes`` decide what could.
STAGES: tuple[Stage, ...] = (
    probe.STAGE,
    audio.STAGE,
    sight.STAGE,
    speakers.STAGE,
    transcript.STAGE,
    utterances.STAGE,
    cues.STAGE,
    sound.STAGE,
    derived.STAGE,
)

#: Choices by this prefix are corrections of a speaker's role.
ROLE_OF = "role_of:"
#: Choices by this prefix name the speaker that a speaker is the same as; empty where they are two again.
SAME_AS = "same_as:"


def plan_for(recording: Recording, source: Path, choices: Mapping[str, str], stages: Sequence[Stage]) -> StagePlan:
    """The plan for a recording with what people chose for it."""
    streams = {stream for stream in ("audio", "video") if recording.has(stream)}
    needed, not_needed = sort_out(stages, streams)
    steps = tuple(_step(stage, choices) for stage in needed)
    return StagePlan(recording.id, source, recording.sha256, steps, not_needed)


def _step(stage: Stage, choices: Mapping[str, str]) -> PlannedStage:
    params = params_of(stage, choices)
    model = str(params["model"]) if "model" in params else stage.model
    return PlannedStage(stage, params, registry.digest_of(model) if model else None, _further_digests(stage))


def _further_digests(stage: Stage) -> dict[str, str]:
    more = stage.more_models if isinstance(stage, UsesMoreModels) else ()
    return {name: registry.digest_of(name) for name in more}


def params_of(stage: Stage, choices: Mapping[str, str]) -> dict[str, Json]:
    """The stage's defaults, with the choices it knows the names of.

    ``corrections`` gathers what a person said of speakers: roles, or the speaker that each is the same as.
    """
    params = dict(stage.defaults)
    params |= {name: value for name, value in choices.items() if name in params}
    if "corrections" in params:
        params["corrections"] = {**_said_of(choices, ROLE_OF), **_said_of(choices, SAME_AS)}
    return params


def _said_of(choices: Mapping[str, str], prefix: str) -> dict[str, Json]:
    return {name.removeprefix(prefix): said for name, said in choices.items() if said and name.startswith(prefix)}
