"""A network on one thread, as everything but the cue model runs: several of them share a machine with the video."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def single_thread(model: Path | bytes, *, arena: bool = True, pattern: bool = True) -> Any:
    """An ONNX Runtime session of the file or serialized ``model``, on one thread that does not spin while it waits.

    Without ``arena`` memory goes back after each run; without ``pattern`` none is planned ahead, which costs more page
    faults than it saves where sizes vary.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.enable_cpu_mem_arena, options.enable_mem_pattern = arena, pattern
    options.log_severity_level = 3
    data = str(model) if isinstance(model, Path) else model
    return onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
