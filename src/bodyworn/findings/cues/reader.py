"""Run the cue model: for each turn the scores of the 18 kinds and the words that triggered them.

The model is our own (card: ``models/cues/card.md``): an encoder over the whole conversation in windows, one number for
each kind and token; an utterance's logit is their mean over its tokens. No torch, no network.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from bodyworn.domain.finding import SPEECH_KINDS
from bodyworn.findings.cues import agreed, alarms, apostrophes, denied, outright, repeats
from bodyworn.findings.cues.evidence_words import Clause, EvidenceWord, choose, clauses_of, strongest
from bodyworn.findings.cues.turns import CueTurn
from bodyworn.findings.cues.windows import END, PAD, START, WindowPart, cut_pieces, cut_windows, lay_out
from bodyworn.models.registry import locate
from bodyworn.models.session import NetworkSession, load

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

MODEL = "cues"
KINDS: tuple[str, ...] = tuple(SPEECH_KINDS)
#: Typographic marks as the model was taught them; one sign for one sign, so that places in the text hold.
PLAIN_MARKS = str.maketrans("‘’“”–—…\u00a0", "''\"\"--. ")
#: Windows, and clauses with a word left out, that go through the encoder together.
WINDOWS_AT_ONCE = 4
CLAUSES_AT_ONCE = 32


@dataclass(frozen=True)
class Reading:
    """What was read in a turn: ``scores`` of all 18 kinds, ``kinds`` of 0.5 or more, ``words`` that triggered each."""

    kinds: tuple[str, ...]
    scores: dict[str, float]
    words: dict[str, list[str]]


@dataclass(frozen=True)
class _Question:
    """Which words of ``clause`` triggered each of ``kinds`` (by number) in turn ``turn``?"""

    turn: int
    piece: WindowPart
    clause: Clause
    kinds: list[int] = field(default_factory=list)


def nothing() -> Reading:
    """The reading of a turn without words."""
    return Reading((), dict.fromkeys(KINDS, 0.0), {})


class CueReader:
    """The loaded model. Takes under a second to make; reads as many conversations as wanted."""

    def __init__(self, session: NetworkSession, tokenizer: Path) -> None:
        from tokenizers import Tokenizer

        self._session = session
        self._tokens = Tokenizer.from_file(str(tokenizer))
        self._tokens.no_truncation()
        self._tokens.no_padding()
        tuned: dict[str, dict[str, float]] = json.loads(
            self._session.get_modelmeta().custom_metadata_map["calibration"]
        )
        self._shift = [tuned["bias"][kind] - tuned["threshold_logit"][kind] for kind in KINDS]

    def _encode(self, text: str) -> tuple[list[int], list[tuple[int, int]]]:
        added = apostrophes.places(text)
        encoded = self._tokens.encode(apostrophes.restored(text).translate(PLAIN_MARKS), add_special_tokens=False)
        if not added:
            return list(encoded.ids), list(encoded.offsets)
        # the n-th apostrophe put back stands n places further on than where it is missing
        back = [sum(place + n < at for n, place in enumerate(added)) for at in range(len(text) + len(added) + 1)]
        return list(encoded.ids), [(first - back[first], last - back[last]) for first, last in encoded.offsets]

    def read(self, turns: Sequence[CueTurn], *, explain: bool = True) -> list[Reading]:
        """Readings of the turns of one conversation, in their order; a turn without words reads as nothing.

        Without ``explain`` no words are looked for, which about halves the work.
        """
        kept, place = repeats.read_once(turns)
        found = self._read([turns[at] for at in kept], explain)
        readings = [found[at] for at in place]
        for turn, places in repeats.come_back(turns).items():
            (alone,) = self._read([turn], explain)
            for at in places:
                readings[at] = _higher(readings[at], alone)
        return _with_rules(turns, readings)

    def _read(self, turns: Sequence[CueTurn], explain: bool) -> list[Reading]:
        pieces = cut_pieces(turns, self._encode)
        readings = [nothing() for _ in turns]
        parts: dict[int, list[tuple[WindowPart, Floats]]] = {}
        for number, tokens in self._in_context(pieces).items():
            parts.setdefault(pieces[number].turn, []).append((pieces[number], tokens))
        questions: list[_Question] = []
        for turn, heard in parts.items():
            readings[turn], best = self._judge(heard)
            if explain:
                questions += _questions(turn, turns[turn].text, readings[turn], heard, best)
        self._answer(questions, readings)
        return readings

    def _run(self, sequences: Sequence[Sequence[int]]) -> Floats:
        """Token numbers ``(sequences, tokens, 18)`` of sequences of any lengths."""
        import numpy as np

        ids = np.full((len(sequences), max(map(len, sequences))), PAD, np.int64)
        for row, tokens in enumerate(sequences):
            ids[row, : len(tokens)] = tokens
        out: Floats = self._session.run(None, {"ids": ids})[0]
        return out

    def _in_context(self, pieces: list[WindowPart]) -> dict[int, Floats]:
        """For each piece its tokens' numbers, shape ``(tokens with role marker, 18)``."""
        laid = sorted((lay_out(window, pieces) for window in cut_windows(pieces)), key=lambda item: len(item[0]))
        found: dict[int, Floats] = {}
        for start in range(0, len(laid), WINDOWS_AT_ONCE):
            batch = laid[start : start + WINDOWS_AT_ONCE]
            for out, (_, places) in zip(self._run([ids for ids, _ in batch]), batch, strict=True):
                found |= {number: out[first:last] for number, (first, last) in places.items()}
        return found

    def _judge(self, heard: list[tuple[WindowPart, Floats]]) -> tuple[Reading, list[int]]:
        """The reading of an utterance from its pieces, and for each kind the piece that speaks most for it."""
        import numpy as np

        logits = np.stack([tokens.mean(axis=0) for _, tokens in heard]) + np.asarray(self._shift, np.float32)
        values = 1 / (1 + np.exp(-np.clip(logits.max(axis=0), -30, 30)))
        scores = {kind: round(float(value), 4) for kind, value in zip(KINDS, values, strict=True)}
        kinds = tuple(kind for kind in KINDS if scores[kind] >= 0.5)
        return Reading(kinds, scores, {}), logits.argmax(axis=0).tolist()

    def _answer(self, questions: list[_Question], readings: list[Reading]) -> None:
        """Fill in the words: each content word of a clause is left out in turn."""
        variants: list[list[int]] = []
        for question in questions:
            variants += [_without(question, word.first, word.last) for word in _in_doubt(question.clause)]
        order = sorted(range(len(variants)), key=lambda n: len(variants[n]))
        values: dict[int, Floats] = {}
        for start in range(0, len(order), CLAUSES_AT_ONCE):
            batch = order[start : start + CLAUSES_AT_ONCE]
            for number, out in zip(batch, self._run([variants[n] for n in batch]), strict=True):
                values[number] = out[1 : len(variants[number]) - 1].mean(axis=0)
        at = 0
        for question in questions:
            words = question.clause.content_words
            count = len(_in_doubt(question.clause))
            kept = [values[number] for number in range(at, at + count)]
            at += count
            for kind in question.kinds:
                # The clause as a whole is the same for every word left out, so that only the order of the rest matters.
                most = max((float(value[kind]) for value in kept), default=0.0)
                losses = [most - float(value[kind]) for value in kept] or [1.0] * len(words)
                readings[question.turn].words[KINDS[kind]] = choose(words, losses)


def _questions(
    turn: int, text: str, reading: Reading, heard: list[tuple[WindowPart, Floats]], best: list[int]
) -> list[_Question]:
    """What to ask of a turn: kinds that rest on the same clause are asked together."""
    asked: dict[tuple[int, int, int], _Question] = {}
    for kind in reading.kinds:
        number = KINDS.index(kind)
        piece, tokens = heard[best[number]]
        clauses = clauses_of(text, piece)
        if not clauses:
            reading.words[kind] = []
            continue
        clause = strongest(clauses, tokens[len(piece.head) :, number].tolist())
        key = (best[number], clause.first, clause.last)
        asked.setdefault(key, _Question(turn, piece, clause)).kinds.append(number)
    return list(asked.values())


def _higher(reading: Reading, alone: Reading) -> Reading:
    """The reading in context with the acute kinds that are surer alone."""
    for kind in repeats.ACUTE:
        if kind in alone.kinds:
            reading = _raised(reading, kind, alone.scores[kind], alone.words.get(kind) or [])
    return reading


def _with_rules(turns: Sequence[CueTurn], readings: Sequence[Reading]) -> list[Reading]:
    """The readings, with what rules add where the model did not propose it: ``outright``, ``alarms``, ``agreed``."""
    asked = [agreed.REQUEST in reading.kinds for reading in readings]
    raised = []
    for at, (turn, reading) in enumerate(zip(turns, readings, strict=True)):
        wish = _longest(outright.said_outright(turn.role, turn.text))
        help_given = agreed.agrees_to_help(turns, asked, at)
        reading = _raised(reading, outright.KIND, outright.LEAST_SCORE, wish)
        for kind, words in alarms.raised_by(turn.role, turn.text).items():
            reading = _raised(reading, kind, alarms.LEAST_SCORE, _longest(words))
        if denied.KIND in reading.kinds and denied.is_denial(turns, at):
            reading = _lowered(reading, denied.KIND, denied.MOST_SCORE)
        raised.append(_raised(reading, agreed.KIND, agreed.LEAST_SCORE, help_given))
    return raised


def _raised(reading: Reading, kind: str, least: float, words: list[str]) -> Reading:
    """The reading with ``kind`` at ``least`` or more, triggered by ``words``; as it is without words or need."""
    if not words or kind in reading.kinds:
        return reading
    scores = reading.scores | {kind: max(reading.scores[kind], least)}
    return Reading(tuple(one for one in KINDS if scores[one] >= 0.5), scores, reading.words | {kind: words})


def _lowered(reading: Reading, kind: str, most: float) -> Reading:
    """The reading with ``kind`` at ``most`` or less, and not named any more."""
    kinds = tuple(one for one in reading.kinds if one != kind)
    words = {one: found for one, found in reading.words.items() if one != kind}
    return Reading(kinds, reading.scores | {kind: min(reading.scores[kind], most)}, words)


def _longest(words: list[str]) -> list[str]:
    """The longest words of an outright statement, at most four, in the order said."""
    longest = sorted(range(len(words)), key=lambda n: (-len(words[n]), n))[:4]
    return [words[n] for n in sorted(longest)]


def _in_doubt(clause: Clause) -> tuple[EvidenceWord, ...]:
    """Words to leave out in turn; none where there are at most two, which are then both named."""
    return clause.content_words if len(clause.content_words) > 2 else ()


def _without(question: _Question, first: int, last: int) -> list[int]:
    """The clause alone, said by the same role, without the tokens ``[first, last)``."""
    piece, clause = question.piece, question.clause
    return [START, *piece.head, *piece.body[clause.first : first], *piece.body[last : clause.last], END]


@cache
def cue_reader() -> CueReader:
    """The shipped model, checked against its pin and loaded once a process."""
    return CueReader(load(MODEL), locate(MODEL).with_name("tokenizer.json"))
