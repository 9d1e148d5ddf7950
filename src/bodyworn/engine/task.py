"""What an engine is given, and what it tells: the only things that pass between the database's side and the hands."""

from __future__ import annotations

import json
import traceback
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bodyworn.domain.errors import BodywornError, Code, StageError
from bodyworn.domain.progress import Progress
from bodyworn.engine.stage import Artifact, Inputs, Json, Stage
from bodyworn.storage import refusals


@dataclass(frozen=True)
class Task:
    """One stage to run. ``key`` names it; ``scratch`` is an empty folder for it alone."""

    key: str
    stage: Stage
    source: Path
    artifacts: Mapping[str, Artifact]
    params: Json
    scratch: Path


@dataclass(frozen=True)
class Progressed:
    """The stage says how far it is."""

    key: str
    done: float
    total: float
    what: str


@dataclass(frozen=True)
class Made:
    """The stage made its artifact; files lie in the task's scratch folder."""

    key: str
    artifact: Artifact


@dataclass(frozen=True)
class Failed:
    """The stage raised; ``trace`` is for the developer."""

    key: str
    error: BodywornError
    trace: str


@dataclass(frozen=True)
class Lost:
    """The process at the stage ended without an answer: killed, or it crashed."""

    key: str
    how: str


OnProgress = Progressed | Made | Failed | Lost


class Engine(Protocol):
    """Hands. They see no database; what they lose is given out again by the runner."""

    @property
    def hands(self) -> int:
        """How many tasks it works on at once."""
        ...

    def start(self, task: Task) -> None:
        """Begin a task; at most ``hands`` at a time."""
        ...

    def tell(self, seconds: float) -> Iterator[OnProgress]:
        """What happened, waiting at most ``seconds`` for the first."""
        ...

    def close(self) -> None:
        """Stop at once whatever is running."""
        ...


def carry_out(task: Task, progress: Progress) -> Made | Failed:
    """Run the stage; an error it did not mean becomes a :class:`StageError` that names it."""
    inputs = Inputs(task.source, task.artifacts, task.params, task.scratch)
    try:
        with refusals.said_clearly(task.scratch.parents[1]):
            artifact = task.stage.run(inputs, progress)
        if artifact.name != task.stage.makes:
            raise ValueError(f"it made {artifact.name} instead of {task.stage.makes}")
        json.dumps(artifact.data, allow_nan=False)
        return Made(task.key, artifact)
    except BodywornError as error:
        return Failed(task.key, error, traceback.format_exc())
    except Exception as error:
        told = StageError(
            f"the stage {task.stage.name} failed on this recording ({type(error).__name__}: {error})",
            "The other stages are done; this is a fault of the program, please report it",
            Code.STAGE_BROKE,
        )
        return Failed(task.key, told, traceback.format_exc())
