"""The cue stage with the model that ships."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bodyworn.domain.finding import SPEECH_KINDS
from bodyworn.domain.progress import no_progress
from bodyworn.domain.span import Span
from bodyworn.engine.stage import Inputs
from bodyworn.findings.artifacts.cues import CuesArtifact
from bodyworn.findings.artifacts.utterances import Utterance
from bodyworn.findings.cues.calibration import KINDS
from bodyworn.findings.cues.reader import cue_reader
from bodyworn.findings.cues.reading import Reading
from bodyworn.findings.cues.turns import CueTurn
from bodyworn.findings.stages.cues import STAGE
from tests.findings import contents

HUG = [
    CueTurn("officer", "Do you know how fast you were going?"),
    CueTurn("community", "I'm sorry. My dad died last night and I just can't stop crying."),
    CueTurn("officer", "I'm so sorry. That must be really hard."),
    CueTurn("community", "Can I have a hug? I really need a hug."),
    CueTurn("officer", "Sure. Yeah. Come here."),
    CueTurn("officer", "I promise you, it's going to get better. Just breathe."),
    CueTurn("officer", "I'm not going to write you a ticket, okay? Just a warning today."),
    CueTurn("community", "Thank you so much for being so kind to me."),
]


def read(*turns: tuple[str, str]) -> list[Reading]:
    return cue_reader().read([CueTurn(role, text) for role, text in turns])


def test_the_seed_story_is_understood() -> None:
    kinds = [set(reading.kinds) for reading in cue_reader().read(HUG)]
    assert kinds[0] == set()
    assert "distress" in kinds[1]
    assert "empathy" in kinds[2]
    assert "help_request" in kinds[3]
    assert "supportive_act" in kinds[4]
    assert "reassurance" in kinds[5]
    assert "leniency" in kinds[6]
    assert "gratitude" in kinds[7]


@pytest.mark.parametrize(
    ("role", "text", "kind"),
    [
        ("officer", "show me your hands show me your hands right now", "command"),
        ("officer", "Drop the knife or you will be tased!", "force_warning"),
        ("community", "I don't want to live anymore. I just want to die.", "self_harm_risk"),
        ("community", "I'm going to kill you when I get out of here.", "threat"),
        ("officer", "We need EMS, he's bleeding bad.", "medical"),
        ("officer", "The reason I stopped you is your tail light is out.", "explanation"),
        ("community", "You're a fat pig and a piece of shit.", "hostility"),
        ("officer", "He's got a gun! Gun! Gun!", "safety_risk"),
        ("officer", "Talk to me. Tell me what's going on today.", "listening"),
        ("officer", "Good evening, ma'am, I'm Officer Hale with the city police.", "courtesy"),
        (
            "officer",
            "Nobody here is going to hurt you. I'm going to step back. Take all the time you need.",
            "deescalation",
        ),
    ],
)
def test_plain_cases_of_each_kind(role: str, text: str, kind: str) -> None:
    assert kind in read((role, text))[0].kinds


def test_who_speaks_and_what_was_said_before_matter() -> None:
    asked = read(("community", "Can I have a hug? Please."), ("officer", "Sure. Yeah."))
    routine = read(("community", "Can I get my registration from the glove box?"), ("officer", "Sure. Yeah."))
    assert asked[1].scores["supportive_act"] > 2 * routine[1].scores["supportive_act"]


def test_every_reading_has_all_kinds_and_words_that_were_said() -> None:
    for turn, reading in zip(HUG, cue_reader().read(HUG), strict=True):
        assert tuple(reading.scores) == KINDS == tuple(SPEECH_KINDS)
        assert all(0 <= score <= 1 for score in reading.scores.values())
        assert reading.kinds == tuple(kind for kind in KINDS if reading.scores[kind] >= 0.5)
        assert set(reading.words) == set(reading.kinds)
        for words in reading.words.values():
            assert 1 <= len(words) <= 6
            assert set(words) <= set(re.findall(r"[\w']+", turn.text))


def test_silence_reads_as_nothing() -> None:
    (reading,) = read(("unknown", ""))
    assert reading.kinds == ()
    assert set(reading.scores.values()) == {0.0}


def test_one_sentence_in_a_very_long_utterance_is_still_found() -> None:
    filler = "and then we drove down to the store and bought some bread and milk "
    (reading,) = read(("community", filler * 12 + "I want to kill myself tonight. " + filler * 12))
    assert "self_harm_risk" in reading.kinds


def test_typographic_marks_read_like_plain_ones() -> None:
    curly, plain = read(("community", "I can’t breathe…")), read(("community", "I can't breathe."))
    assert curly[0].scores == plain[0].scores


def test_reading_is_repeatable() -> None:
    assert cue_reader().read(HUG) == cue_reader().read(HUG)


def utterances(role_confidence: float = 0.9) -> list[Utterance]:
    return [
        Utterance(
            i=number,
            span=Span(number * 2000, number * 2000 + 1500),
            speaker="S1" if turn.role == "officer" else "S2",
            role=turn.role,
            role_confidence=role_confidence,
            text=turn.text,
            confidence=0.9,
            words=(),
        )
        for number, turn in enumerate(HUG)
    ]


def run(tmp_path: Path, said: list[Utterance]) -> CuesArtifact:
    made = {"utterances": contents.utterances(said)}
    return STAGE.run(Inputs(tmp_path / "none", made, STAGE.defaults, tmp_path), no_progress).content(CuesArtifact)


def test_the_stage_says_what_the_reader_says(tmp_path: Path) -> None:
    content = run(tmp_path, utterances())
    readings = cue_reader().read(HUG)
    assert [row.scores for row in content.rows] == [reading.scores for reading in readings]
    findings = content.findings
    assert [(f.evidence.i, f.kind) for f in findings] == [
        (number, kind) for number, reading in enumerate(readings) for kind in reading.kinds
    ]
    first = findings[0]
    assert (first.span.start_ms, first.role, first.speaker) == (2000, "community", "S2")
    assert first.evidence.quote == HUG[1].text
    assert re.fullmatch(rf"cues@{STAGE.version} \(model [0-9a-f]{{12}}\)", first.made_by)


def test_a_role_that_is_a_guess_is_read_as_unknown(tmp_path: Path) -> None:
    doubtful = run(tmp_path, utterances(role_confidence=0.1)).rows
    unknown = cue_reader().read([CueTurn("unknown", turn.text) for turn in HUG])
    assert [row.scores for row in doubtful] == [reading.scores for reading in unknown]


def test_no_utterances_no_findings(tmp_path: Path) -> None:
    assert run(tmp_path, []) == CuesArtifact((), ())
