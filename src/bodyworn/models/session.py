"""Every network runs in ONNX Runtime, opened here: one place for threads, memory and what executes it.

One thread, unless the network has the machine to itself: others share it with the video. Threads do not spin while
they wait.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from bodyworn.models.registry import locate

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Tensor = NDArray[np.float32] | NDArray[np.int64]


@dataclass(frozen=True)
class SessionSettings:
    """How a network runs. ``threads`` 0 means all processors.

    Without ``arena`` memory goes back after each run; without ``pattern`` none is planned ahead, which costs more page
    faults than it saves where sizes vary. ``spin`` lets threads wait without sleeping.
    """

    threads: int = 1
    arena: bool = True
    pattern: bool = True
    spin: bool = False


#: By the model's name in the registry; all others run as :class:`SessionSettings` says.
_SETTINGS: Mapping[str, SessionSettings] = {
    "centerface": SessionSettings(pattern=False),
    "cues": SessionSettings(threads=0, spin=True),
    "libfacedetection": SessionSettings(threads=0, pattern=False),  # as text-second
    "silero-vad": SessionSettings(arena=False),
    "text": SessionSettings(arena=False),
    "text-second": SessionSettings(threads=0, arena=False),  # it checks a finished clip, when nothing else runs
    "voice-embedding": SessionSettings(arena=False),
    "voice-segmentation": SessionSettings(arena=False),
}


class _Named(Protocol):
    name: str


class _Metadata(Protocol):
    custom_metadata_map: dict[str, str]


class NetworkSession(Protocol):
    """What is used of a session of ONNX Runtime."""

    def run(self, outputs: Sequence[str] | None, feeds: Mapping[str, Tensor]) -> list[NDArray[np.float32]]:
        """The outputs named (``None``: all) for inputs by name."""
        ...

    def get_inputs(self) -> list[_Named]:
        """The inputs, in the network's order."""
        ...

    def get_modelmeta(self) -> _Metadata:
        """What the file says of itself."""
        ...


def load(name: str) -> NetworkSession:
    """The network of the model ``name`` of the registry; :class:`~bodyworn.domain.errors.ModelError` as ``locate``."""
    return open_network(locate(name), _SETTINGS.get(name, SessionSettings()))


def seed_noise(seed: int) -> None:
    """Networks that draw random numbers draw the same ones from now on, in this process."""
    import onnxruntime

    onnxruntime.set_seed(seed)


def open_network(path: Path, running: SessionSettings) -> NetworkSession:
    """The network in the ONNX file ``path``, which its caller has checked."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = running.threads, 1
    if not running.spin:
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.enable_cpu_mem_arena, options.enable_mem_pattern = running.arena, running.pattern
    options.log_severity_level = 3
    session: NetworkSession = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    return session
