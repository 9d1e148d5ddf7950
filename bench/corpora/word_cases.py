"""What is right for the inputs of ``shared/cases``: captions, sound, and phrases with one meaning."""

from __future__ import annotations

from dataclasses import dataclass

#: For each file of captions: role and first words of every turn, in order.
CAPTIONS: dict[str, tuple[tuple[str, str], ...]] = {
    "01-yt-rolling.vtt": (("unknown", "show me"), ("unknown", "i can't breathe"), ("unknown", "ambulance")),
    "02-blank-after-timing.vtt": (("officer", "Step out"), ("community", "I can't"), ("officer", "Medics are")),
    "04-ms-digits.srt": (
        ("officer", "Show me"),
        ("community", "Please don't"),
        ("officer", "Drop the"),
        ("community", "I can't"),
    ),
    "05-no-blank.srt": (("officer", "Show me"), ("community", "Please don't"), ("officer", "Nobody is")),
    "07-two-voices.vtt": (
        ("officer", "Show me"),
        ("community", "Please don't"),
        ("officer", "Put it down and"),
        ("unknown", "Drop the knife"),
        ("unknown", "I want to die"),
        ("officer", "Drop it!"),
        ("community", "Please don't"),
    ),
    "08-label-at-change.srt": (
        ("officer", "Sir, step"),
        ("officer", "keep your"),
        ("officer", "and walk"),
        ("community", "I'm scared"),
        ("community", "I can't do this"),
    ),
    "12-bidi.vtt": (
        ("officer", "show me your hands now"),
        ("community", "please don't shoot me"),
        ("community", "I can"),
        ("community", "i can't breathe"),
    ),
    "15-spanish.srt": (
        ("officer", "Show me"),
        ("community", "No dispare"),
        ("community", "Ayúdame"),
        ("community", "Me quiero"),
        ("officer", "Tranquilo"),
    ),
    "16g-whispercpp.txt": (("unknown", "Show me"), ("unknown", "Please don't")),
    "30-female.srt": (
        ("community", "What did"),
        ("officer", "Step out"),
        ("community", "I'm sorry"),
        ("officer", "I stopped"),
    ),
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
#: Where words before a colon in ``06-labels.srt`` are no label and stay.
NO_LABELS = ("HANDS", "Listen", "Note to self")


@dataclass(frozen=True)
class CueCase:
    """Words in their context, the kinds to find in its last turn (or in ``at``), and those not to find."""

    fault: str
    turns: tuple[tuple[str, str], ...]
    kinds: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    at: tuple[int, ...] = (-1,)


OFFICER, COMMUNITY, DISPATCH = "officer", "community", "dispatch"
BREATHE = (COMMUNITY, "I can't breathe.")
CUES: tuple[CueCase, ...] = (
    CueCase("F1", (BREATHE,), ("distress", "medical")),
    CueCase("F1", (BREATHE,) * 3, ("distress", "medical"), at=(0, 1, 2)),
    CueCase("F1", ((OFFICER, "Stay down."), *(BREATHE,) * 12), ("distress", "medical"), at=tuple(range(1, 13))),
    CueCase(
        "F1",
        (
            (OFFICER, "Stop resisting."),
            BREATHE,
            (OFFICER, "You're fine."),
            (COMMUNITY, "I can't breathe, man."),
            (OFFICER, "Stay still."),
            BREATHE,
        ),
        ("distress", "medical"),
        at=(1, 3, 5),
    ),
    CueCase("F1", ((COMMUNITY, "I can't breathe. " * 5),), ("distress", "medical")),
    CueCase("F1", ((OFFICER, "Show me your hands!"),) * 4, ("command",), at=(0, 1, 2, 3)),
    CueCase("F1", ((OFFICER, "Show me your hands!"),) * 12, ("command",), at=tuple(range(12))),
    CueCase("F1", ((OFFICER, "Drop the knife!"),) * 8, ("command", "safety_risk"), at=tuple(range(8))),
    *(
        CueCase("F2", ((OFFICER, said),), ("safety_risk",))
        for said in (
            "Shots fired!",
            "Shots fired, shots fired, we need more units.",
            "Dispatch, shots fired at Oak and Fifth, suspect has a handgun, send more units.",
            "Officer down! Officer down!",
            "He's got a gun!",
            "Gun! Gun! Gun!",
            "He has a knife.",
        )
    ),
    CueCase("F2", ((COMMUNITY, "Please don't shoot me."),), ("distress",)),
    *(
        CueCase("F2", ((COMMUNITY, said),), ("self_harm_risk",))
        for said in (
            "I feel like jumping.",
            "I took all my pills.",
            "Just shoot me.",
            "I don't want to be here any more.",
            "Nobody would miss me.",
            "I just want it to be over.",
            "I've got nothing left to live for.",
        )
    ),
    CueCase("F10", ((OFFICER, "show me your hands"), (COMMUNITY, "please dont shoot me")), ("distress",)),
    CueCase("F10", ((OFFICER, "put the knife down"), (OFFICER, "im sorry about your dad")), ("empathy",)),
    CueCase("F10", ((COMMUNITY, "i cant breathe"),), ("distress", "medical")),
    CueCase("F10", ((COMMUNITY, "i dont want to live any more"),), ("self_harm_risk",)),
    CueCase("F15", ((COMMUNITY, "Let me sleep it off, I'll be fine."),), never=("self_harm_risk",)),
    CueCase(
        "F15", ((COMMUNITY, "I just don't want to say it loud because he's gonna shut up."),), never=("self_harm_risk",)
    ),
    CueCase("F15", ((DISPATCH, "Subject asked about self-harm, denied."),), never=("self_harm_risk",)),
)

#: Where ``sound/F-return.wav`` says something to hide, in milliseconds; answers come from its truth file.
RETURN_ITEMS = (
    ("Demetrius Holloway", 4800, 6230),
    ("seven four eighty two", 6750, 7850),
    ("fourteen hundred Maple Ridge Drive", 8150, 9960),
)
