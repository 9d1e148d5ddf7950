"""Words as people bring them: every input of ``shared/cases`` for captions, cues, dialogues and sound, right or not."""

from __future__ import annotations

import re
import wave
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from tests.redactions.dialogues import judge, read

from bench.corpora import word_cases as right
from bench.places import SHARED
from bench.report import Out, run_alone, table
from bodyworn.bootstrap import hear_twice
from bodyworn.domain.progress import no_progress
from bodyworn.findings.cues.reader import cue_reader
from bodyworn.findings.cues.turns import CueTurn
from bodyworn.findings.transcripts.reading import conversations
from bodyworn.redactions import making, speech
from bodyworn.redactions.request import RequestForm
from bodyworn.redactions.source import LoneFile

QUICK = True

CASES = SHARED / "cases"
#: Sound below this level is silence, in dB of full scale; pieces of this length are judged.
SILENT_DB, PIECE_MS = -42.0, 20


@dataclass(frozen=True)
class Row:
    """One input: which fault it is of, what it is, what is right, what the product says, and whether that is right."""

    fault: str
    given: str
    wanted: str
    got: str
    right: bool


def captions() -> Iterator[Row]:
    """Every file of captions, read; the roles of labels one by one."""
    for name, wanted in right.CAPTIONS.items():
        turns, written = _turns(name), _words((CASES / "captions" / name).read_text("utf-8"))
        agree = "".join(turn.role[0] for turn in turns) == wanted and all(
            turn.text and _words(turn.text) in written for turn in turns
        )
        got = f"{len(turns)} turns" if agree else "; ".join(f"{turn.role}: {turn.text[:20]}" for turn in turns)
        yield Row("captions", name, f"{len(wanted)} turns with their roles", got, agree)
    for number, (turn, role) in enumerate(zip(_turns("06-labels.srt"), right.LABELS, strict=True), 1):
        clean = (":" in turn.text) is (number in right.NO_LABELS)
        yield Row("F6", f"06-labels.srt, caption {number}", role, turn.role, clean and turn.role == role)


def _words(text: str) -> str:
    """The letters of a text, so that lines, tags, marks and times between them do not count."""
    plain = re.sub(r"\x1b\[[0-9;]*m|<[^>]*>|&#?\w+;|\{[^}]*\}", "", text)
    return "".join(re.findall(r"[^\W\d_]", plain)).casefold()


def _turns(name: str) -> Sequence[CueTurn]:
    (conversation,) = conversations(CASES / "captions" / name)
    return conversation.turns


def cues() -> Iterator[Row]:
    """Phrases in their context."""
    for case in right.CUES:
        found = conversations(CASES / "captions" / f"{case.file}.jsonl")
        yield _cue_row(case.fault, next(one.turns for one in found if one.id == case.id), case.at, case.kinds, True)
    for quoted in right.QUOTED:
        text = (CASES / "FAULTS-words.md").read_text("utf-8").partition(f"**{quoted.fault}")[2]
        for said in re.findall(r'"([^"]+)"', text.partition(quoted.after)[2])[: quoted.first]:
            turns = (CueTurn("community", said + "."),)
            yield _cue_row(quoted.fault, turns, (-1,), (quoted.kind,), quoted.found)


def _cue_row(fault: str, turns: Sequence[CueTurn], at: Sequence[int], kinds: Sequence[str], wanted: bool) -> Row:
    readings = cue_reader().read(turns, explain=False)
    asked = [readings[number] for number in at]
    agree = all((set(kinds) <= set(r.kinds)) if wanted else not set(kinds) & set(r.kinds) for r in asked)
    scores = "; ".join(" ".join(f"{r.scores[kind]:.2f}" for r in asked) for kind in kinds)
    before = f" ({len(turns)} turns)" if len(turns) > 1 else ""
    given = turns[at[-1]].text.strip()[:60] + before
    return Row(fault, given, f"{'' if wanted else 'not '}{', '.join(kinds)}", scores, agree)


def ours(line: str) -> str:
    """A dialogue of the cases with the marks of our tests."""
    line = re.sub(r"^\w+ (?=[OCD]:)", "", line)
    line = re.sub(r"\[\[(\w+)\|(.*?)\]\]", r"[\1: \2]", line)
    return re.sub(r"\(\((.*?)\)\)", r"{\1}", line)


def dialogues() -> tuple[list[Row], str]:
    """Every dialogue; and how much of all is hidden rightly and for nothing."""
    rows, found = [], []
    for line in read(CASES / "spoken" / "dialogues.txt"):
        judged = judge(ours(line))
        found.append(judged)
        wanted = f"{judged.items} hidden, {judged.kept} heard"
        got = "; ".join((*judged.missed, *judged.lost, *(f"hidden for nothing: {word}" for word in judged.over)))
        rows.append(Row("spoken", line.split()[0], wanted, got or "as wanted", judged.right))
    items, words = sum(j.items for j in found), sum(j.words_to_hear for j in found)
    missed, over = sum(len(j.missed) for j in found), sum(len(j.over) for j in found)
    return rows, (
        f"Items hidden whole: {items - missed} of {items}; words hidden for nothing: {over} of {words} "
        f"({100 * over / words:.1f} per 100)."
    )


def sound() -> Iterator[Row]:
    """What is audible of the items in a recording, and what is made of another language."""
    path = CASES / "sound" / "F-return.wav"
    heard = hear_twice(path, None, no_progress)
    spans = [(s.start_ms, s.end_ms) for s in speech.from_utterances(heard.utterances, heard.again)]
    items = [(f"item {number}", *times) for number, times in enumerate(right.RETURN_ITEMS, 1)]
    for name, start, end in (*items, *_answers(path.with_suffix(".truth.json"))):
        audible = sum(PIECE_MS for at in _loud(path, start, end) if not any(a <= at < b for a, b in spans))
        yield Row("F12", f"F-return.wav: {name}", "nothing audible", f"{audible} ms audible", audible == 0)
    said = hear_twice(CASES / "sound" / "B-spanish.wav", None, no_progress)
    lines = [row for row in said.utterances if row["role"] == "community"]
    got = "; ".join(f"{row.get('language', 'en')}: {row['text']} ({row['confidence']:.2f})" for row in lines)
    spanish = bool(lines) and all(row.get("language") == "es" for row in lines)
    yield Row("F11", "B-spanish.wav: the answers", "lines in Spanish, marked so", got or "no lines", spanish)
    start, end = right.SPANISH_NAME
    masks = [(s.start_ms, s.end_ms) for s in speech.from_utterances(said.utterances, said.again)]
    hidden = any(a <= start and b >= end for a, b in masks)
    yield Row("F11", "B-spanish.wav: the name", "hidden", "hidden" if hidden else f"{len(masks)} spans", hidden)


def without_pictures() -> Iterator[Row]:
    """A plan of a recording that is only sound."""
    path = CASES / "sound" / "F-return.wav"
    plan = making.propose(LoneFile(path, hear_twice), RequestForm(classes="speech"), "os:bench", no_progress)
    yield Row("row 52", "F-return.wav, plan of speech", "a plan", f"{len(plan.sound)} spans", bool(plan.sound))


def _answers(path: Path) -> Iterator[tuple[str, int, int]]:
    import json

    rows: Sequence[Mapping[str, Any]] = json.loads(path.read_text("utf-8"))
    for row in rows:
        if row["who"] == "W":
            yield row["text"], round(row["start"] * 1000), round(row["end"] * 1000)


def _loud(path: Path, start_ms: int, end_ms: int) -> Iterator[int]:
    """Starts of the pieces between two times that are not silent."""
    with wave.open(str(path)) as file:
        rate = file.getframerate()
        samples = np.frombuffer(file.readframes(file.getnframes()), np.int16).astype(float) / 32768
    for at in range(start_ms, end_ms, PIECE_MS):
        piece = samples[at * rate // 1000 : (at + PIECE_MS) * rate // 1000]
        if len(piece) and 20 * np.log10(np.sqrt((piece**2).mean()) + 1e-9) > SILENT_DB:
            yield at


def run(out: Out) -> None:
    """Try every case; all are printed with ``--all``, else only those that are not right: the inputs are not ours."""
    spoken, totals = dialogues()
    rows = [*captions(), *cues(), *sound(), *without_pictures(), *spoken]
    wrong = [row for row in rows if not row.right]
    shown = rows if "--all" in out.words else wrong
    cells = [[row.fault, row.given, row.wanted, row.got, "yes" if row.right else "**no**"] for row in shown]
    faults = sorted({row.fault for row in rows}, key=lambda fault: (len(fault), fault))
    sums = [
        [fault, sum(row.right for row in rows if row.fault == fault), sum(row.fault == fault for row in rows)]
        for fault in faults
    ]
    out.section(
        "word_cases",
        "Words as people bring them: every input of the cases",
        f"{len(rows) - len(wrong)} of {len(rows)} right. {totals}\n\n{table(['fault', 'right', 'inputs'], sums)}\n\n"
        + (table(["fault", "input", "right value", "the product says", "right"], cells) if cells else ""),
    )


if __name__ == "__main__":
    run_alone(run)
