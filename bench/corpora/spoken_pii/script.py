"""Spoken personal data to score by: a script of exchanges, said by synthetic voices, and what the recognizer heard.

``python -m bench.corpora.spoken_pii.script SCRIPT OUT.json`` says a script, hears it with the stages of the product
(probe, audio, speakers, transcript, second hearing) and writes words and true times. Every item is synthesized as a
piece of its own, so that its start and end in the sound are known to the sample; 40 ms lie between pieces, 450 ms
between turns, 1.6 s between exchanges. With the word ``tuning`` after them other voices speak.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

CORPUS = Path(__file__).parent
ROLES = {"O": "officer", "C": "community", "D": "dispatch"}
REASONS = {
    "name": "pii.name",
    "birth": "pii.birth_date",
    "phone": "pii.phone",
    "address": "pii.address",
    "social": "pii.social_security",
    "license": "pii.license",
    "plate": "pii.plate",
    "email": "pii.email",
}
PIECE_MS, TURN_MS, EXCHANGE_MS = 40, 450, 1600
CLIP_EXCHANGES = 12
_PIECES = re.compile(r"\{(\+|[a-z]+) ([^}]*)\}|([^{}]+)")


@dataclass(frozen=True)
class Piece:
    """Words said in one go; ``reason`` is empty for what may be heard, ``+`` where the item before goes on."""

    text: str
    reason: str


@dataclass
class Turn:
    """One utterance of the script."""

    role: str
    pieces: list[Piece] = field(default_factory=list)


def read_script(path: Path) -> list[list[Turn]]:
    """Exchanges of turns."""
    exchanges: list[list[Turn]] = [[]]
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("#"):
            continue
        if not line.strip():
            exchanges.append([])
            continue
        turn = Turn(ROLES[line[0]])
        for match in _PIECES.finditer(line[2:].strip()):
            reason, hidden, plain = match.groups()
            text = (hidden or plain).strip()
            if re.search(r"\w", text):
                turn.pieces.append(Piece(text, {**REASONS, "+": "+"}.get(reason or "", "")))
        exchanges[-1].append(turn)
    return [exchange for exchange in exchanges if exchange]


def as_said(exchanges: Sequence[Sequence[Turn]]) -> dict[str, Any]:
    """The script as an exact transcript without case and punctuation, with times of a plausible pace."""
    clock = 500
    utterances: list[dict[str, Any]] = []
    items: list[dict[str, Any]] = []
    for exchange in exchanges:
        for turn in exchange:
            words: list[dict[str, Any]] = []
            for piece in turn.pieces:
                begun = clock
                for text in re.findall(r"[\w'-]+", piece.text.lower()):
                    length = 90 + 55 * len(text)
                    words.append({"start_ms": clock, "end_ms": clock + length, "text": text, "confidence": 0.9})
                    clock += length + 20
                _add_item(items, piece.reason, begun, clock - 20)
            utterances.append(_utterance(len(utterances), turn.role, words))
            clock += TURN_MS
        clock += EXCHANGE_MS
    return {"utterances": utterances, "items": items}


def item_texts(exchanges: Sequence[Sequence[Turn]]) -> list[str]:
    """What is said in each item, in the order in which items are listed."""
    texts: list[str] = []
    for piece in (piece for exchange in exchanges for turn in exchange for piece in turn.pieces):
        if piece.reason == "+":
            texts[-1] += f" {piece.text}"
        elif piece.reason:
            texts.append(piece.text)
    return texts


def _add_item(items: list[dict[str, Any]], reason: str, start_ms: int, end_ms: int) -> None:
    """An item is one or more parts; ``+`` adds a part to the last."""
    if reason == "+":
        items[-1]["parts"].append([start_ms, end_ms])
    elif reason:
        items.append({"reason": reason, "parts": [[start_ms, end_ms]]})


def _utterance(i: int, role: str, words: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "i": i,
        "start_ms": words[0]["start_ms"],
        "end_ms": words[-1]["end_ms"],
        "speaker": role,
        "role": role,
        "role_confidence": 1.0,
        "text": " ".join(word["text"].strip() for word in words),
        "confidence": 0.9,
        "words": words,
    }


def hear(exchanges: Sequence[Sequence[Turn]], *, tuning: bool = False) -> list[dict[str, Any]]:
    """Say the exchanges, a dozen in a clip, and hear them: utterances with words and times, and the true items."""
    from bodyworn.demo.voices import DISPATCHER, DRIVER, Timbre, Voices

    voices = Cast(Voices(), {"community": DRIVER, "dispatch": DISPATCHER})
    if tuning:
        moved = {"officer": Timbre(0.78, 0.94), "dispatch": Timbre(1.12, 1.08, speed=1.06)}
        voices = Cast(Voices(), {**moved, "community": Timbre(0.70, 0.97)}, every_second="community")
    clips = []
    for number in range(0, len(exchanges), CLIP_EXCHANGES):
        with tempfile.TemporaryDirectory() as folder:
            clips.append(_hear_clip(voices, exchanges[number : number + CLIP_EXCHANGES], Path(folder)))
        print(f"{number + CLIP_EXCHANGES} of {len(exchanges)}", file=sys.stderr, flush=True)
    return clips


@dataclass
class Cast:
    """Who speaks how: roles without a timbre have the first voice, as ``every_second`` has in every second turn."""

    voices: Any
    timbres: Mapping[str, Any]
    every_second: str = ""
    turns: int = 0

    def say(self, role: str, text: str) -> Any:
        """A piece as loud as all others."""
        import numpy as np

        plain = role not in self.timbres or (role == self.every_second and self.turns % 2)
        sound = self.voices.officer(text) if plain else self.voices.other(text, self.timbres[role])
        return (sound * 0.25 / max(float(np.abs(sound).max()), 1e-6)).astype(np.float32)


def _hear_clip(cast: Cast, exchanges: Sequence[Sequence[Turn]], folder: Path) -> dict[str, Any]:
    import numpy as np

    from bodyworn.demo.voices import RATE

    parts: list[Any] = [np.zeros(RATE // 2, np.float32)]
    items: list[dict[str, Any]] = []
    turns: list[tuple[int, int, str]] = []

    def now() -> int:
        return sum(map(len, parts)) * 1000 // RATE

    for exchange in exchanges:
        for turn in exchange:
            begun = now()
            cast.turns += 1
            for piece in turn.pieces:
                start = now()
                parts.append(cast.say(turn.role, piece.text))
                _add_item(items, piece.reason, start, now())
                parts.append(np.zeros(RATE * PIECE_MS // 1000, np.float32))
            turns.append((begun, now(), turn.role))
            parts.append(np.zeros(RATE * TURN_MS // 1000, np.float32))
        parts.append(np.zeros(RATE * EXCHANGE_MS // 1000, np.float32))
    path = folder / "said.wav"
    _write(path, np.concatenate(parts), RATE)
    made, cost = _stages(path, folder)
    words = [dict(word) for segment in made["transcript"].data["segments"] for word in segment["words"]]
    again = made["second_hearing"].data["heard"]
    return {
        "utterances": list(_by_turn(words, turns)),
        "again": again,
        "items": items,
        "cost": {**cost, "s": now() / 1000},
    }


def _write(path: Path, sound: Any, rate: int) -> None:
    import wave

    import numpy as np

    rng = np.random.default_rng(5)
    noisy = sound + 0.0008 * rng.standard_normal(len(sound))
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((np.clip(noisy, -1, 1) * 32767).astype("<i2").tobytes())


def _stages(path: Path, folder: Path) -> tuple[dict[str, Any], dict[str, float]]:
    """What the stages make of a file, and the processor time of both hearings."""
    from bodyworn.domain.progress import no_progress
    from bodyworn.engine.stage import Artifact, Inputs
    from bodyworn.findings.stages import audio, probe, speakers, transcript
    from bodyworn.redactions import second_hearing

    made: dict[str, Artifact] = {}
    cost: dict[str, float] = {}
    for stage in (probe.STAGE, audio.STAGE, speakers.STAGE, transcript.STAGE, second_hearing.STAGE):
        scratch = folder / stage.name
        scratch.mkdir()
        read = {name: made[name] for name in stage.reads}
        begun = time.process_time()
        made[stage.makes] = stage.run(Inputs(path, read, stage.defaults, scratch), no_progress)
        cost[stage.name] = round(time.process_time() - begun, 1)
    return made, {name: cost[name] for name in ("transcript", "second_hearing")}


def _by_turn(words: Sequence[dict[str, Any]], turns: Sequence[tuple[int, int, str]]) -> Iterator[dict[str, Any]]:
    """Words given to the turn that their middle lies in or nearest to: who speaks is known, not guessed."""
    sorted_in: list[list[dict[str, Any]]] = [[] for _ in turns]
    for word in words:
        middle = (word["start_ms"] + word["end_ms"]) / 2
        away = [max(start - middle, middle - end, 0) for start, end, _ in turns]
        sorted_in[away.index(min(away))].append(word)
    for number, ((_, _, role), own) in enumerate(zip(turns, sorted_in, strict=True)):
        if own:
            yield _utterance(number, role, own)


if __name__ == "__main__":
    said = read_script(Path(sys.argv[1]))
    heard = hear(said, tuning="tuning" in sys.argv[3:])
    Path(sys.argv[2]).write_text(json.dumps(heard, separators=(",", ":")) + "\n", "utf-8")
