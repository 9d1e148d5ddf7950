"""A plan: stages in an order that follows from what they read and make, with the parameters of one recording."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bodyworn.domain.codec import JsonObject
from bodyworn.engine.stage import Stage, made_by, result_key


@dataclass(frozen=True)
class PlannedStage:
    """A stage with its parameters, the digest of its model, and those of further models by name."""

    stage: Stage
    params: JsonObject
    model_digest: str | None
    more_models: Mapping[str, str] = field(default_factory=dict)

    @property
    def made_by(self) -> str:
        """How results name their maker."""
        return made_by(self.stage, self.model_digest)

    def key(self, source_digest: str, made: Mapping[str, str]) -> str | None:
        """Key of the result, given the digests of artifacts by name; ``None`` while one it reads is not made."""
        if any(name not in made for name in self.stage.reads):
            return None
        inputs = {"source": source_digest, **{name: made[name] for name in self.stage.reads}}
        return result_key(self.stage, self.params, self.model_digest, inputs, self.more_models)


@dataclass(frozen=True)
class StagePlan:
    """Steps in order over one source file. ``not_needed`` says of each stage left out why."""

    recording_id: str
    source: Path
    source_digest: str
    steps: tuple[PlannedStage, ...]
    not_needed: Mapping[str, str]


def in_order(stages: Sequence[Stage]) -> tuple[Stage, ...]:
    """The stages so that each comes after those it reads from, otherwise as given; ``ValueError`` if that cannot be."""
    makers: dict[str, Stage] = {}
    for stage in stages:
        if stage.makes in makers:
            raise ValueError(f"{stage.name} and {makers[stage.makes].name} both make {stage.makes}")
        makers[stage.makes] = stage
    ordered: list[Stage] = []
    waiting = list(stages)
    while waiting:
        made = {stage.makes for stage in ordered}
        ready = next((stage for stage in waiting if made.issuperset(stage.reads)), None)
        if ready is None:
            raise ValueError(f"{waiting[0].name} reads what none makes before it: {', '.join(waiting[0].reads)}")
        waiting.remove(ready)
        ordered.append(ready)
    return tuple(ordered)


def sort_out(stages: Sequence[Stage], streams: Collection[str]) -> tuple[tuple[Stage, ...], dict[str, str]]:
    """The stages that have something to do where those streams are, in order, and why the others have not."""
    needed: list[Stage] = []
    not_needed: dict[str, str] = {}
    absent: dict[str, str] = {}
    for stage in in_order(stages):
        missing = next((need for need in stage.needs if need not in streams), None)
        gone = next((name for name in stage.reads if name in absent), None)
        if missing is not None:
            not_needed[stage.name] = f"the recording has no {missing}"
        elif gone is not None:
            not_needed[stage.name] = absent[gone]
        else:
            needed.append(stage)
            continue
        absent[stage.makes] = not_needed[stage.name]
    return tuple(needed), not_needed
