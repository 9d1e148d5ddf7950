"""The stage interface: what every piece of analysis declares, and how a result is keyed.

A stage is pure: it gets a read-only source file, the artifacts it reads, its parameters and a scratch folder, and
returns one artifact. It sees no database, person, clock or network, so the same key always means the same result.
"""

from __future__ import annotations

import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import Field, dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Protocol, TypeVar, runtime_checkable

from bodyworn.domain.codec import Json, JsonObject, from_json, to_json
from bodyworn.domain.progress import Progress

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


class ArtifactContent(Protocol):
    """A frozen dataclass that is the content of the artifact of that name."""

    ARTIFACT: ClassVar[str]
    __dataclass_fields__: ClassVar[dict[str, Field[object]]]


ContentT = TypeVar("ContentT", bound=ArtifactContent)
ParamsT = TypeVar("ParamsT", bound="DataclassInstance")


@dataclass(frozen=True)
class Artifact:
    """What a stage makes, as it is stored.

    ``name`` is the stage's ``makes``. ``data`` is the JSON of its content (:meth:`content` reads it); by convention
    ``data["findings"]`` and ``data["unknown"]`` are lists of :class:`~bodyworn.domain.finding.Finding` and
    :class:`~bodyworn.domain.finding.Unknown` where a stage has any. ``files`` are large by-products by file name
    (``mono16k.wav``, ``proxy.mp4``): in the scratch folder when made, read-only in the object store when read later.
    """

    name: str
    data: Mapping[str, Any]  # JSON; not JsonObject while faces read it by key
    files: Mapping[str, Path] = field(default_factory=dict)

    def content(self, cls: type[ContentT]) -> ContentT:
        """The data as ``cls``; ``ValueError`` if it has another shape."""
        if self.name != cls.ARTIFACT:
            raise ValueError(f"{cls.__name__} is the content of {cls.ARTIFACT}, not of {self.name}")
        return from_json(cls, self.data, self.name)


@dataclass(frozen=True)
class Inputs:
    """What a stage may look at. ``scratch`` is an empty folder of its own that vanishes afterwards."""

    source: Path
    artifacts: Mapping[str, Artifact]
    params: JsonObject
    scratch: Path

    def of(self, cls: type[ContentT]) -> ContentT:
        """Content of an artifact; ``KeyError`` if the stage did not declare it in ``reads``."""
        return self.artifacts[cls.ARTIFACT].content(cls)

    def file(self, artifact: str, file_name: str) -> Path:
        """Path of a by-product of an artifact that this stage reads."""
        return self.artifacts[artifact].files[file_name]


class Stage(Protocol):
    """One piece of analysis, as the engine sees it; real ones are a :class:`TypedStage`.

    ``name`` is a short noun; ``version`` changes whenever the result could; ``reads`` are names of artifacts; ``makes``
    the artifact's name; ``needs`` are names from probe facts without which there is nothing to do (``"audio"``,
    ``"video"``); ``model`` is the name of a model in the registry, or ``None``. ``defaults`` are its parameters with
    their default values.
    """

    @property
    def name(self) -> str: ...
    @property
    def version(self) -> str: ...
    @property
    def reads(self) -> tuple[str, ...]: ...
    @property
    def makes(self) -> str: ...
    @property
    def needs(self) -> tuple[str, ...]: ...
    @property
    def model(self) -> str | None: ...
    @property
    def defaults(self) -> JsonObject: ...

    def run(self, inputs: Inputs, progress: Progress) -> Artifact:
        """Make the artifact, or raise a :class:`~bodyworn.domain.errors.BodywornError`."""
        ...


@runtime_checkable
class UsesMoreModels(Protocol):
    """A stage that runs further models besides ``model``: names in the registry, whose digests are in the key too."""

    @property
    def more_models(self) -> tuple[str, ...]: ...


@dataclass(frozen=True)
class NoParams:
    """The parameters of a stage that has none."""


@dataclass(frozen=True)
class StageResult(Generic[ContentT]):
    """What a typed stage returns: the content, and the names of its by-products in the scratch folder."""

    content: ContentT
    files: tuple[str, ...] = ()


class TypedStage(ABC, Generic[ParamsT, ContentT]):
    """Base of the stages. A stage declares its fields and has one method, :meth:`make`.

    ``params`` is a frozen dataclass with a default for every field, ``content`` the dataclass of the artifact. Both
    turn into JSON by :mod:`bodyworn.domain.codec`; the parameters' JSON is part of the result's key.
    """

    name: str
    version: str
    params: type[ParamsT]
    content: type[ContentT]
    reads: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    model: str | None = None
    more_models: tuple[str, ...] = ()

    @property
    def makes(self) -> str:
        """Name of the artifact."""
        return self.content.ARTIFACT

    @property
    def defaults(self) -> dict[str, Json]:
        """The parameters with their default values, as JSON."""
        return to_json(self.params())

    def run(self, inputs: Inputs, progress: Progress) -> Artifact:
        """Read the parameters and make the artifact; ``ValueError`` on an unknown parameter."""
        params = from_json(self.params, inputs.params, f"parameters of {self.name}")
        result = self.make(inputs, params, progress)
        return Artifact(self.makes, to_json(result.content), {name: inputs.scratch / name for name in result.files})

    @abstractmethod
    def make(self, inputs: Inputs, params: ParamsT, progress: Progress) -> StageResult[ContentT]:
        """The content of the artifact, or a :class:`~bodyworn.domain.errors.BodywornError`."""


def result_key(
    stage: Stage,
    params: JsonObject,
    model_digest: str | None,
    inputs: Mapping[str, str],
    more_models: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """SHA-256 hex over stage name, version, parameters, digests of the models and the digests of all inputs.

    ``inputs`` maps ``"source"`` and every artifact name to its SHA-256 hex, ``more_models`` the further models.
    """
    body = {
        "stage": stage.name,
        "version": stage.version,
        "params": dict(params),
        "model": model_digest,
        "inputs": dict(inputs),
        **({"more_models": dict(more_models)} if more_models else {}),
    }
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def made_by(stage: Stage, model_digest: str | None = None) -> str:
    """How a finding names its maker: ``cues@3`` or ``cues@3 (model 1a2b3c4d5e6f)``."""
    tail = f" (model {model_digest[:12]})" if model_digest else ""
    return f"{stage.name}@{stage.version}{tail}"
