"""What an engine is given and what it reports: all that passes between the side of the database and the workers."""

from __future__ import annotations

import json
import traceback
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bodyworn.domain.codec import JsonObject
from bodyworn.domain.errors import BodywornError, Code, StageError
from bodyworn.domain.progress import Progress
from bodyworn.engine.stage import Artifact, Inputs, Stage
from bodyworn.storage.files import said_clearly


@dataclass(frozen=True)
class Task:
    """One stage to run. ``key`` names it; ``scratch`` is an empty folder for it alone."""

    key: str
    stage: Stage
    source: Path
    artifacts: Mapping[str, Artifact]
    params: JsonObject
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


#: What an engine reports of a task.
TaskEvent = Progressed | Made | Failed | Lost


class Engine(Protocol):
    """Workers. They see no database; the runner gives out again what they lose."""

    @property
    def workers(self) -> int:
        """How many tasks it works on at once."""
        ...

    def start(self, task: Task) -> None:
        """Begin a task; at most ``workers`` at a time."""
        ...

    def events(self, seconds: float) -> Iterator[TaskEvent]:
        """What happened, waiting at most ``seconds`` for the first."""
        ...

    def close(self) -> None:
        """Stop at once what is running."""
        ...


def carry_out(task: Task, progress: Progress) -> Made | Failed:
    """Run the stage; an error it did not mean becomes a :class:`StageError` that names it."""
    inputs = Inputs(task.source, task.artifacts, task.params, task.scratch)
    try:
        with said_clearly(task.scratch.parents[1]):
            artifact = task.stage.run(inputs, progress)
        if artifact.name != task.stage.makes:
            raise ValueError(f"it made {artifact.name} instead of {task.stage.makes}")
        json.dumps(artifact.data, allow_nan=False)
        return Made(task.key, artifact)
    except BodywornError as error:
        return Failed(task.key, error, traceback.format_exc())
    except Exception as error:
        failure = StageError(
            f"the stage {task.stage.name} failed on this recording ({type(error).__name__}: {error})",
            "The other stages are done; this is a fault of the program, please report it",
            Code.STAGE_BROKE,
        )
        return Failed(task.key, failure, traceback.format_exc())
