"""Write the fine-tuned encoder as one small ONNX graph, by hand, with weights in 8 (or 4) bits.

The graph: ``ids`` int64 ``(windows, tokens)`` in, ``logits`` float32 ``(windows, tokens, 18)`` out: for every token the
number whose mean over an utterance, plus the bias in the file's ``calibration``, is the logit of a kind. Source of the
encoder's form: Song et al. 2020, MPNet; relative positions after Raffel et al. 2020, T5.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

LONGEST = 320
BUCKETS = 32
FARTHEST = 128
PAD = 1


def position_buckets() -> np.ndarray:
    """Bucket of each distance ``key - query`` from ``-(LONGEST-1)`` to ``LONGEST-1``, shape ``(2*LONGEST-1,)``."""
    distance = np.arange(-(LONGEST - 1), LONGEST)
    away = np.abs(distance)
    half = BUCKETS // 2
    exact = half // 2
    safe = np.maximum(away, 1)
    far = exact + (np.log(safe / exact) / math.log(FARTHEST / exact) * (half - exact)).astype(np.int64)
    return np.where(distance > 0, half, 0) + np.where(away < exact, away, np.minimum(far, half - 1))


class GraphOf:
    """Collects nodes and weights; ``state`` are the network's tensors by their names in training."""

    def __init__(self, state: Mapping[str, np.ndarray], heads: int) -> None:
        self.state = state
        self.heads = heads
        self.nodes: list[Any] = []
        self.weights: list[Any] = []
        self._made = 0

    def weight(self, name: str, value: np.ndarray | np.generic) -> str:
        """Put a constant into the graph."""
        from onnx import numpy_helper

        self.weights.append(numpy_helper.from_array(np.asarray(value, order="C"), name))
        return name

    def op(self, kind: str, *inputs: str, **attributes: Any) -> str:
        """Append a node and return the name of its output."""
        from onnx import helper

        self._made += 1
        out = f"{kind}_{self._made}"
        self.nodes.append(helper.make_node(kind, list(inputs), [out], name=out, **attributes))
        return out

    def linear(self, name: str, x: str) -> str:
        """``x @ W.T + b`` of a torch linear layer."""
        w = self.weight(f"{name}.weight", self.state[f"{name}.weight"].T.astype(np.float32))
        y = self.op("MatMul", x, w)
        return self.op("Add", y, self.weight(f"{name}.bias", self.state[f"{name}.bias"].astype(np.float32)))

    def norm(self, name: str, x: str) -> str:
        """Layer normalization, epsilon 1e-5."""
        scale = self.weight(f"{name}.weight", self.state[f"{name}.weight"].astype(np.float32))
        bias = self.weight(f"{name}.bias", self.state[f"{name}.bias"].astype(np.float32))
        return self.op("LayerNormalization", x, scale, bias, axis=-1, epsilon=1e-5)

    def ints(self, name: str, *values: int) -> str:
        """A constant of int64."""
        return self.weight(name, np.array(values, np.int64))


def _embed(graph: GraphOf, bits8: bool) -> str:
    """Word and position embeddings of ``ids``; the words' rows are int8 with one scale a row."""
    table = graph.state["enc.embeddings.word_embeddings.weight"].astype(np.float32)
    if bits8:
        scale = np.abs(table).max(axis=1, keepdims=True) / 127
        rows = np.round(table / np.maximum(scale, 1e-9)).astype(np.int8)
        words = graph.op("Cast", graph.op("Gather", graph.weight("words", rows), "ids"), to=1)
        words = graph.op("Mul", words, graph.op("Gather", graph.weight("words.scale", scale), "ids"))
    else:
        words = graph.op("Gather", graph.weight("words", table), "ids")
    places = graph.state["enc.embeddings.position_embeddings.weight"].astype(np.float32)[PAD + 1 : PAD + 1 + LONGEST]
    length = graph.op("Shape", "ids", start=1, end=2)
    first = graph.op(
        "Slice", graph.weight("places", places), graph.ints("zero", 0), length, graph.ints("first axis", 0)
    )
    return graph.norm("enc.embeddings.LayerNorm", graph.op("Add", words, first))


def _bias(graph: GraphOf) -> str:
    """What attention adds by distance and for padding, shape ``(windows, heads, tokens, tokens)``."""
    by_bucket = graph.state["enc.encoder.relative_attention_bias.weight"].astype(np.float32)
    table = graph.weight("by distance", by_bucket[position_buckets()].T)
    length = graph.op("Squeeze", graph.op("Shape", "ids", start=1, end=2))
    steps = graph.op("Range", graph.weight("from", np.int64(0)), length, graph.weight("step", np.int64(1)))
    keys = graph.op("Unsqueeze", steps, graph.ints("row", 0))
    queries = graph.op("Unsqueeze", steps, graph.ints("column", 1))
    distance = graph.op("Add", graph.op("Sub", keys, queries), graph.ints("middle", LONGEST - 1))
    near = graph.op("Unsqueeze", graph.op("Gather", table, distance, axis=1), graph.ints("windows", 0))
    is_pad = graph.op("Cast", graph.op("Equal", "ids", graph.ints("pad", PAD)), to=1)
    masked = graph.op("Mul", is_pad, graph.weight("never", np.float32(-10000.0)))
    return graph.op("Add", near, graph.op("Unsqueeze", masked, graph.ints("heads and queries", 1, 2)))


def _layer(graph: GraphOf, name: str, x: str, bias: str) -> str:
    """One encoder layer."""
    width = graph.state[f"{name}.attention.attn.q.weight"].shape[0]
    size = width // graph.heads
    split = graph.ints(f"{name} split", 0, 0, graph.heads, size)
    together = graph.ints(f"{name} join", 0, 0, width)
    q, k, v = (graph.op("Reshape", graph.linear(f"{name}.attention.attn.{part}", x), split) for part in "qkv")
    q = graph.op("Transpose", q, perm=[0, 2, 1, 3])
    k = graph.op("Transpose", k, perm=[0, 2, 3, 1])
    v = graph.op("Transpose", v, perm=[0, 2, 1, 3])
    match = graph.op("Mul", graph.op("MatMul", q, k), graph.weight(f"{name} scale", np.float32(size**-0.5)))
    seen = graph.op("MatMul", graph.op("Softmax", graph.op("Add", match, bias), axis=-1), v)
    seen = graph.op("Reshape", graph.op("Transpose", seen, perm=[0, 2, 1, 3]), together)
    x = graph.norm(f"{name}.attention.LayerNorm", graph.op("Add", graph.linear(f"{name}.attention.attn.o", seen), x))
    inner = graph.op("Gelu", graph.linear(f"{name}.intermediate.dense", x))
    return graph.norm(f"{name}.output.LayerNorm", graph.op("Add", graph.linear(f"{name}.output.dense", inner), x))


def write_float(state: Mapping[str, np.ndarray], path: Path, heads: int = 12, bits8: bool = True) -> None:
    """Write the graph with float32 layers to ``path`` (words in int8 if ``bits8``)."""
    import onnx
    from onnx import TensorProto, helper

    graph = GraphOf(state, heads)
    x, bias = _embed(graph, bits8), _bias(graph)
    depth = 1 + max(int(name.split(".")[3]) for name in state if name.startswith("enc.encoder.layer."))
    for number in range(depth):
        x = _layer(graph, f"enc.encoder.layer.{number}", x, bias)
    head = graph.weight("head.weight", state["head.weight"].T.astype(np.float32))
    graph.nodes.append(helper.make_node("MatMul", [x, head], ["logits"], name="logits"))
    shape_in, shape_out = ["windows", "tokens"], ["windows", "tokens", state["head.weight"].shape[0]]
    made = helper.make_graph(
        graph.nodes,
        "cues",
        [helper.make_tensor_value_info("ids", TensorProto.INT64, shape_in)],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, shape_out)],
        graph.weights,
    )
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", 20)], producer_name="bodyworn")
    model.ir_version = 9
    onnx.checker.check_model(model)
    onnx.save(model, str(path))


def write_int8(source: Path, path: Path) -> None:
    """The layers' weights in 8 bits, one scale a column; what flows between them is quantized as it comes."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    quantize_dynamic(
        str(source),
        str(path),
        op_types_to_quantize=["MatMul"],
        per_channel=True,
        weight_type=QuantType.QInt8,
        nodes_to_exclude=["logits"],
        extra_options={"MatMulConstBOnly": True},
    )


def write_blocks(source: Path, path: Path, bits: int = 4, block: int = 32) -> None:
    """The layers' weights in 4 or 8 bits, one scale for every ``block`` of them."""
    import onnx
    from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer

    quantizer = MatMulNBitsQuantizer(
        onnx.load(str(source)),
        bits=bits,
        block_size=block,
        is_symmetric=True,
        accuracy_level=4,
        nodes_to_exclude=["logits"],
    )
    quantizer.process()
    quantizer.model.save_model_to_file(str(path), False)
