"""The cue network as loaded: text to tokens, tokens to one number for each kind. No torch, no network."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bodyworn.findings.cues import apostrophes
from bodyworn.findings.cues.calibration import METADATA, Calibration
from bodyworn.findings.cues.windows import END, PAD, START, role_marker
from bodyworn.models.session import NetworkSession

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from bodyworn.findings.cues.turns import CueTurn

    Floats = NDArray[np.float32]

#: Typographic marks as the model was taught them; one sign for one sign, so that places in the text hold.
PLAIN_MARKS = str.maketrans("‘’“”–—…\u00a0", "''\"\"--. ")
#: Short sequences that go through the encoder together.
SHORT_AT_ONCE = 32


class CueEncoder:
    """The network, its tokenizer and its calibration."""

    def __init__(self, session: NetworkSession, tokenizer: Path) -> None:
        from tokenizers import Tokenizer

        self._session = session
        self._tokens = Tokenizer.from_file(str(tokenizer))
        self._tokens.no_truncation()
        self._tokens.no_padding()
        self.calibration = Calibration.read(session.get_modelmeta().custom_metadata_map[METADATA])

    def encode(self, text: str) -> tuple[list[int], list[tuple[int, int]]]:
        """Tokens of ``text``, and the characters ``[first, last)`` of each."""
        added = apostrophes.places(text)
        encoded = self._tokens.encode(apostrophes.restored(text).translate(PLAIN_MARKS), add_special_tokens=False)
        if not added:
            return list(encoded.ids), list(encoded.offsets)
        # the n-th apostrophe put back stands n places further on than where it is missing
        back = [sum(place + n < at for n, place in enumerate(added)) for at in range(len(text) + len(added) + 1)]
        return list(encoded.ids), [(first - back[first], last - back[last]) for first, last in encoded.offsets]

    def run(self, sequences: Sequence[Sequence[int]]) -> Floats:
        """Token numbers ``(sequences, tokens, 18)`` of sequences of any lengths."""
        import numpy as np

        ids = np.full((len(sequences), max(map(len, sequences))), PAD, np.int64)
        for row, tokens in enumerate(sequences):
            ids[row, : len(tokens)] = tokens
        out: Floats = self._session.run(None, {"ids": ids})[0]
        return out

    def means(self, sequences: Sequence[Sequence[int]]) -> list[Floats]:
        """Numbers ``(18,)`` of each of short ``sequences``: the mean over its tokens but for the marks at its ends."""
        order = sorted(range(len(sequences)), key=lambda n: len(sequences[n]))
        found: dict[int, Floats] = {}
        for start in range(0, len(order), SHORT_AT_ONCE):
            batch = order[start : start + SHORT_AT_ONCE]
            for number, out in zip(batch, self.run([sequences[n] for n in batch]), strict=True):
                found[number] = out[1 : len(sequences[number]) - 1].mean(axis=0)
        return [found[n] for n in range(len(sequences))]

    def alone(self, turns: Sequence[CueTurn]) -> list[Floats]:
        """Numbers ``(18,)`` of each of short ``turns``, read without anything around it."""
        return self.means(
            [[START, *self.encode(role_marker(turn.role))[0], *self.encode(turn.text)[0], END] for turn in turns]
        )
