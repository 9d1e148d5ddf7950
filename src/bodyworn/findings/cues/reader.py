"""Run the cue model: turns in, for each turn the scores of the 18 kinds and the words that carried them out.

The model is our own (card: ``models/cues/card.md``): an encoder over the whole conversation in windows, one number for
each kind and token; an utterance's logit is their mean over its tokens. No torch, no network.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bodyworn.domain.finding import SPEECH_KINDS
from bodyworn.findings.cues.carriers import carried_by
from bodyworn.findings.cues.turns import Turn
from bodyworn.findings.cues.windows import PAD, Piece, cut_pieces, cut_windows, lay_out
from bodyworn.models.registry import locate

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

MODEL = "cues"
KINDS: tuple[str, ...] = tuple(SPEECH_KINDS)
#: Typographic marks as the model was taught them; one sign for one sign, so that places in the text hold.
PLAIN_MARKS = str.maketrans("‘’“”–—…\u00a0", "''\"\"--. ")
#: Windows that go through the encoder together.
BATCH = 4


@dataclass(frozen=True)
class Reading:
    """What was read in a turn. ``scores`` has all 18 kinds, ``kinds`` those of 0.5 or more, ``words`` what carried."""

    kinds: tuple[str, ...]
    scores: dict[str, float]
    words: dict[str, list[str]]


NOTHING = Reading((), dict.fromkeys(KINDS, 0.0), {})


class CueReader:
    """The loaded model. Costs about a second to make; reads as many conversations as wanted."""

    def __init__(self, model: Path, threads: int = 0) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        self._tokens = Tokenizer.from_file(str(model.with_name("tokenizer.json")))
        self._tokens.no_truncation()
        self._tokens.no_padding()
        tuned: dict[str, Any] = json.loads(self._session.get_modelmeta().custom_metadata_map["calibration"])
        self._shift = [tuned["bias"][kind] - tuned["threshold_logit"][kind] for kind in KINDS]

    def _encode(self, text: str) -> tuple[list[int], list[tuple[int, int]]]:
        encoded = self._tokens.encode(text.translate(PLAIN_MARKS), add_special_tokens=False)
        return list(encoded.ids), list(encoded.offsets)

    def read(self, turns: Sequence[Turn]) -> list[Reading]:
        """Readings of the turns of one conversation, in their order; a turn without words reads as nothing."""
        pieces = cut_pieces(turns, self._encode)
        readings = [NOTHING] * len(turns)
        per_turn: dict[int, list[tuple[Piece, Floats]]] = {}
        for number, tokens in self._token_logits(pieces).items():
            per_turn.setdefault(pieces[number].turn, []).append((pieces[number], tokens))
        for turn, parts in per_turn.items():
            readings[turn] = self._judge(turns[turn].text, parts)
        return readings

    def _token_logits(self, pieces: list[Piece]) -> dict[int, Floats]:
        """For each piece its tokens' numbers, shape ``(tokens with role marker, 18)``."""
        import numpy as np

        laid = sorted((lay_out(window, pieces) for window in cut_windows(pieces)), key=lambda item: len(item[0]))
        found: dict[int, Floats] = {}
        for start in range(0, len(laid), BATCH):
            batch = laid[start : start + BATCH]
            length = max(len(ids) for ids, _ in batch)
            ids = np.full((len(batch), length), PAD, np.int64)
            for row, (tokens, _) in enumerate(batch):
                ids[row, : len(tokens)] = tokens
            out: Floats = self._session.run(None, {"ids": ids})[0]
            for row, (_, places) in enumerate(batch):
                for number, (first, last) in places.items():
                    found[number] = out[row, first:last]
        return found

    def _judge(self, text: str, parts: list[tuple[Piece, Floats]]) -> Reading:
        """The reading of one utterance from its pieces: the piece that speaks most for a kind decides."""
        import numpy as np

        logits = np.stack([tokens.mean(axis=0) for _, tokens in parts]) + np.asarray(self._shift, np.float32)
        best = logits.argmax(axis=0)
        values = 1 / (1 + np.exp(-np.clip(logits.max(axis=0), -30, 30)))
        scores = {kind: round(float(value), 4) for kind, value in zip(KINDS, values, strict=True)}
        words: dict[str, list[str]] = {}
        for number, kind in enumerate(KINDS):
            if scores[kind] >= 0.5:
                piece, tokens = parts[int(best[number])]
                shares = tokens[len(piece.head) :, number].tolist()
                words[kind] = carried_by(text, piece.spans, shares)
        return Reading(tuple(words), scores, words)


@cache
def cue_reader() -> CueReader:
    """The shipped model, checked against its pin and loaded once a process."""
    return CueReader(locate(MODEL))
