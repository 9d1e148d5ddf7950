"""The stage interface: what every piece of analysis declares, and how a result is keyed.

A stage is pure: it gets a read-only source file, the artifacts it reads, its parameters and a scratch folder, and
returns one artifact. It sees no database, person, clock or network, so the same key always means the same result.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol, runtime_checkable

from bodyworn.domain.progress import Progress

#: JSON object of plain values: str, int, float, bool, None, list, dict.
Json = Mapping[str, Any]


@dataclass(frozen=True)
class Artifact:
    """What a stage makes.

    ``name`` is the stage's ``makes``. ``data`` is canonical JSON-able; by convention ``data["findings"]`` is a list of
    ``Finding.to_json()`` and ``data["unknown"]`` a list of ``Unknown.to_json()`` where a stage has any.
    ``files`` are large by-products by file name (``mono16k.wav``, ``proxy.mp4``): in the scratch folder when made,
    read-only in the object store when read by a later stage.
    """

    name: str
    data: Json
    files: Mapping[str, Path] = field(default_factory=dict)


@dataclass(frozen=True)
class Inputs:
    """What a stage may look at. ``scratch`` is an empty folder of its own that vanishes afterwards."""

    source: Path
    artifacts: Mapping[str, Artifact]
    params: Json
    scratch: Path

    def data(self, name: str) -> Json:
        """Data of the artifact ``name``; ``KeyError`` if the stage did not declare it in ``reads``."""
        return self.artifacts[name].data

    def file(self, artifact: str, file_name: str) -> Path:
        """Path of a by-product of an artifact that this stage reads."""
        return self.artifacts[artifact].files[file_name]


class Stage(Protocol):
    """One piece of analysis.

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
    def defaults(self) -> Json: ...

    def run(self, inputs: Inputs, progress: Progress) -> Artifact:
        """Make the artifact, or raise a :class:`~bodyworn.domain.errors.BodywornError`."""
        ...


@runtime_checkable
class UsesMoreModels(Protocol):
    """A stage that runs further models besides ``model``: names in the registry, whose digests are in the key too."""

    @property
    def more_models(self) -> tuple[str, ...]: ...


def result_key(
    stage: Stage,
    params: Json,
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
