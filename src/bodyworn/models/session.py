"""A network in ONNX Runtime, on one thread unless it has the machine to itself: others share it with the video."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def load(model: Path | bytes, *, threads: int = 1, arena: bool = True, pattern: bool = True) -> Any:
    """A session of the file or serialized ``model``, on ``threads`` that do not spin while they wait (0: all).

    Without ``arena`` memory goes back after each run; without ``pattern`` none is planned ahead, which costs more page
    faults than it saves where sizes vary.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.enable_cpu_mem_arena, options.enable_mem_pattern = arena, pattern
    options.log_severity_level = 3
    data = str(model) if isinstance(model, Path) else model
    return onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
