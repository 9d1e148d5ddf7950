"""What is right for the inputs of ``shared/cases``: captions, sound, and phrases with one meaning.

The words themselves are read from there when they are tried; none stands here.
"""

from __future__ import annotations

from dataclasses import dataclass

#: For each file of captions the role of every turn, in order: o officer, c community, u unknown.
CAPTIONS: dict[str, str] = {
    "01-yt-rolling.vtt": "uuu",
    "02-blank-after-timing.vtt": "oco",
    "04-ms-digits.srt": "ococ",
    "05-no-blank.srt": "oco",
    "07-two-voices.vtt": "ocouuoc",
    "08-label-at-change.srt": "ooocc",
    "12-bidi.vtt": "occc",
    "15-spanish.srt": "occco",
    "16g-whispercpp.txt": "uu",
    "30-female.srt": "coco",
}
#: The roles of ``06-labels.srt``, caption by caption. A name that tells nothing is ``unknown``.
LABELS = (
    *("officer",) * 5,
    *("officer_2",) * 2,
    *("officer",) * 4,
    *("dispatch",) * 4,
    *("officer",) * 7,
    *("unknown",) * 5,
    *("community",) * 7,
    *("unknown",) * 4,
    "officer",
    *("unknown",) * 3,
)
#: Captions of that file, counted from 1, whose words before a colon are no label and stay.
NO_LABELS = (40, 41, 42)


@dataclass(frozen=True)
class CueCase:
    """A conversation of ``FILE.jsonl`` by its ID, the kinds to find in some of its turns, and those not to find."""

    fault: str
    file: str
    id: str
    kinds: tuple[str, ...] = ()
    at: tuple[int, ...] = (-1,)


REPEATS, LOWER = "cues-repeat-and-alarm", "14c-lower"
CUES: tuple[CueCase, ...] = (
    CueCase("F1", REPEATS, "breathe1", ("distress", "medical")),
    CueCase("F1", REPEATS, "breathe2", ("distress", "medical"), at=(0, 1)),
    CueCase("F1", REPEATS, "breathe3", ("distress", "medical"), at=(0, 1, 2)),
    CueCase("F1", REPEATS, "breathe-mix", ("distress", "medical"), at=(1, 3, 5)),
    CueCase("F1", REPEATS, "breathe-one", ("distress", "medical")),
    CueCase("F1", REPEATS, "hands4", ("command",), at=(0, 1, 2, 3)),
    *(
        CueCase("F2", REPEATS, name, ("safety_risk",))
        for name in ("shotsA", "shotsB", "shotsC", "gunA", "gunB", "gunC", "gunD", "officerdown")
    ),
    CueCase("F2", REPEATS, "dontshoot", ("distress",), at=(2,)),
    CueCase("F10", LOWER, LOWER, ("distress",), at=(1,)),
    CueCase("F10", LOWER, LOWER, ("self_harm_risk",), at=(2,)),
    CueCase("F10", LOWER, LOWER, ("empathy",), at=(4,)),
    CueCase("F10", LOWER, LOWER, ("distress", "medical"), at=(7,)),
)


@dataclass(frozen=True)
class QuotedCase:
    """What stands in quotes in one paragraph of ``FAULTS-words.md``, said by someone of the community."""

    fault: str
    after: str
    first: int
    kind: str
    found: bool


QUOTED = (
    QuotedCase("F2", "Also without floor:", 7, "self_harm_risk", found=True),
    QuotedCase("F15", "ordinary talk:", 2, "self_harm_risk", found=False),
)

#: Where ``sound/F-return.wav`` says something to hide, in milliseconds; answers come from its truth file.
RETURN_ITEMS = ((4800, 6230), (6750, 7850), (8150, 9960))
#: Where ``sound/B-spanish.wav`` says a name.
SPANISH_NAME = (11784, 12764)
