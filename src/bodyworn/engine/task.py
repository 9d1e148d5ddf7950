"""What an engine is given, and what it tells: the only things that pass between the database's side and the hands."""

from __future__ import annotations

import json
import traceback
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bodyworn.domain.errors import BodywornError, StageError
from bodyworn.engine.stage import Artefact, Inputs, Json, Progress, Stage
from bodyworn.storage import refusals


@dataclass(frozen=True)
class Task:
    """One stage to run. ``key`` names it; ``scratch`` is an empty folder for it alone."""

    key: str
    stage: Stage
    source: Path
    artefacts: Mapping[str, Artefact]
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
    """The stage made its artefact; files lie in the task's scratch folder."""

    key: str
    artefact: Artefact


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


Told = Progressed | Made | Failed | Lost


class Engine(Protocol):
    """Hands. They see no database; what they lose is given out again by the runner."""

    @property
    def hands(self) -> int:
        """How many tasks it works on at once."""
        ...

    def start(self, task: Task) -> None:
        """Begin a task; at most ``hands`` at a time."""
        ...

    def tell(self, seconds: float) -> Iterator[Told]:
        """What happened, waiting at most ``seconds`` for the first."""
        ...

    def close(self) -> None:
        """Stop at once whatever is running."""
        ...


def carry_out(task: Task, progress: Progress) -> Made | Failed:
    """Run the stage; an error it did not mean becomes a :class:`StageError` that names it."""
    inputs = Inputs(task.source, task.artefacts, task.params, task.scratch)
    try:
        with refusals.said_clearly(task.scratch.parents[1]):
            artefact = task.stage.run(inputs, progress)
        if artefact.name != task.stage.makes:
            raise ValueError(f"it made {artefact.name} instead of {task.stage.makes}")
        json.dumps(artefact.data, allow_nan=False)
        return Made(task.key, artefact)
    except BodywornError as error:
        return Failed(task.key, error, traceback.format_exc())
    except Exception as error:
        told = StageError(
            f"the stage {task.stage.name} failed on this recording ({type(error).__name__}: {error})",
            "The other stages are done; `bodyworn findings plan` shows where it broke, please report it",
        )
        return Failed(task.key, told, traceback.format_exc())
