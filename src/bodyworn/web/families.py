"""The families of findings as the pages show them: one row here and one color in ``static/css/tokens.css``.

The icon, the CSS class, the lane, its number key and its bar in the list all follow from this table, so that a new
family is a row here and a color there.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from bodyworn.domain.finding import Family


class Sense(StrEnum):
    """By what a family is found; where nothing could be heard, nothing that is heard was looked for."""

    HEARING = "hearing"
    SEEING = "seeing"


class FamilyFace(NamedTuple):
    """How a family is shown.

    ``about`` is one sentence on what is in it, ``stage`` the stage that looks for it, ``shape`` the drawing of its icon
    as SVG elements on a field of 16 by 16.
    """

    name: str
    about: str
    stage: str
    shape: str
    sense: Sense = Sense.HEARING


FAMILIES: dict[Family, FamilyFace] = {
    Family.DISTRESS: FamilyFace(
        "Distress",
        "Suffering, calls for help, medical need, risk of self-harm",
        "cues",
        '<path d="M8 2 14.5 13.5h-13z" fill="currentColor" stroke="currentColor" stroke-linejoin="round"/>',
    ),
    Family.COMPASSION: FamilyFace(
        "Compassion",
        "Empathy, reassurance, help given",
        "cues",
        '<path fill="currentColor" d="M8 13.8C3.4 10.7 1.6 8.2 1.6 5.9A3.2 3.2 0 0 1 8 4.7a3.2 3.2 0 0 1 6.4 1.2c0 2.3'
        '-1.8 4.8-6.4 7.9z"/>',
    ),
    Family.JUSTICE: FamilyFace(
        "Justice",
        "Listening, reasons given, courtesy, leniency, de-escalation",
        "cues",
        '<path d="M8 1.5 14.5 8 8 14.5 1.5 8z" fill="currentColor"/>',
    ),
    Family.CONDUCT: FamilyFace(
        "Conduct",
        "Hostile words, threats, gratitude",
        "cues",
        '<path fill="currentColor" d="M3.2 2.5h9.6c.9 0 1.7.7 1.7 1.6v5.2c0 .9-.8 1.6-1.7 1.6H8.5L4.8 14v-3.1H3.2c-.9 0'
        '-1.7-.7-1.7-1.6V4.1c0-.9.8-1.6 1.7-1.6z"/>',
    ),
    Family.CONTROL: FamilyFace(
        "Control",
        "Commands, warnings of force, risks to safety",
        "cues",
        '<path d="M5.3 1.5h5.4l3.8 3.8v5.4l-3.8 3.8H5.3l-3.8-3.8V5.3z" fill="currentColor"/>',
    ),
    Family.SOUND: FamilyFace(
        "Sound",
        "Voice and sound, whatever the words",
        "sound",
        '<path d="M2.5 6.5v3M6.2 3.5v9M9.8 5v6M13.5 2v12" stroke="currentColor" stroke-width="2" '
        'stroke-linecap="round"/>',
    ),
    Family.SIGHT: FamilyFace(
        "Sight",
        "What the picture shows",
        "sight",
        '<path d="M1 8c1.7-3 4.1-4.6 7-4.6S13.3 5 15 8c-1.7 3-4.1 4.6-7 4.6S2.7 11 1 8z" fill="none" '
        'stroke="currentColor" stroke-width="1.6"/><circle cx="8" cy="8" r="2.5" fill="currentColor"/>',
        Sense.SEEING,
    ),
    Family.DERIVED: FamilyFace(
        "Derived",
        "Derived from the other findings",
        "derived",
        '<g fill="none" stroke="currentColor" stroke-width="1.7"><circle cx="3.6" cy="8" r="2.3"/>'
        '<circle cx="12.4" cy="8" r="2.3"/><path d="M5.9 8h4.2"/></g>',
    ),
}

#: Lanes of the timeline: one for each family, and one for what could not be judged.
LANES = len(FAMILIES) + 1


def style_sheet() -> str:
    """``css/families.css``: the class of each family takes its color from the tokens, and the number of lanes."""
    names = [*(family.value for family in FAMILIES), "unknown"]
    rules = "".join(f".fam-{name} {{ --fam: var(--fam-{name}); }}\n" for name in names)
    return f"/* Made from web/families.py. */\n:root {{ --lane-count: {LANES}; }}\n{rules}"


def symbols() -> str:
    """The icons of the families as SVG symbols, to stand among those of ``icons.svg``."""
    return "".join(
        f'  <symbol id="fam-{family.value}" viewBox="0 0 16 16">{face.shape}</symbol>\n'
        for family, face in FAMILIES.items()
    )
