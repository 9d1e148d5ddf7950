"""What is said in the sample encounter, by whom and when: the script that voices, sound and pictures follow.

All names, places and numbers are invented. Lines marked ``quoted`` are words that news reports of a real stop quote.
"""

from __future__ import annotations

from dataclasses import dataclass

#: Sound is off for this long at the start, as in a camera that keeps a pre-event buffer.
PRE_EVENT_BUFFER_MS = 30_000

#: The officer pulls out behind the sedan, which stops on the shoulder this long after the start.
STOPPED_MS = 22_000

#: Silence after the last word.
TAIL_MS = 3_000

#: From the first cloth in the picture to a lens that is fully covered.
CLOSING_MS = 600


@dataclass(frozen=True)
class ScriptLine:
    """One thing said. ``pause_ms`` is the silence before it; ``cue`` names what the pictures do when it starts.

    ``kinds`` are the labels that the labeling guidelines give it; ``strain`` (0..1) how much the voice trembles.
    """

    role: str
    text: str
    pause_ms: int = 500
    kinds: tuple[str, ...] = ()
    quoted: bool = False
    strain: float = 0.0
    cue: str | None = None
    sob_after_ms: int = 0


def _officer(text: str, pause_ms: int = 500, *kinds: str, quoted: bool = False, cue: str | None = None) -> ScriptLine:
    return ScriptLine("officer", text, pause_ms, kinds, quoted, cue=cue)


def _driver(
    text: str, pause_ms: int = 500, *kinds: str, strain: float = 0.5, quoted: bool = False, sob_after_ms: int = 0
) -> ScriptLine:
    return ScriptLine("community", text, pause_ms, kinds, quoted, strain, sob_after_ms=sob_after_ms)


def _dispatch(text: str, pause_ms: int = 900) -> ScriptLine:
    return ScriptLine("dispatch", text, pause_ms)


#: The stop, up to the embrace.
STOP: tuple[ScriptLine, ...] = (
    _officer("Two fourteen, traffic stop. Silver sedan, county road six at the old mill.", 1_500),
    _dispatch("Two fourteen, copy. Traffic stop, county road six."),
    _officer(
        "Good evening, sir. I'm Deputy Alder with the Fairwater County Sheriff's Office.",
        9_500,
        "courtesy",
        cue="at_window",
    ),
    _officer(
        "The reason I stopped you is your speed. You were going seventy eight in a fifty five.", 350, "explanation"
    ),
    _officer("Turn the engine off for me, please.", 500, "command", "courtesy"),
    _driver("I know. I'm sorry. I wasn't even looking.", 1_600, strain=0.6),
    _officer("Sir, turn the engine off for me, please.", 1_300, "command", "courtesy"),
    _driver("Okay. Okay. It's off.", 1_200, strain=0.5, sob_after_ms=2_400),
    _officer("Do you have your license with you?", 600),
    _driver(
        "I can't find it. I can't stop crying. I can't do this anymore.",
        1_100,
        "distress",
        strain=1.0,
        sob_after_ms=1_800,
    ),
    _officer("Hey. Take your time. Just breathe. You're okay.", 700, "reassurance"),
    _officer("What's going on tonight? Tell me what happened.", 900, "listening"),
    _driver(
        "My brother died on Monday. I am falling apart, and I have nobody to talk to.",
        1_700,
        "distress",
        strain=1.0,
        sob_after_ms=1_500,
    ),
    _officer("I'm so sorry about your brother. That is a terrible thing to go through.", 900, "empathy"),
    _dispatch("Two fourteen, status check.", 1_500),
    _officer("Two fourteen, I'm okay here.", 700),
    _officer("I have to ask. Are you thinking about hurting yourself?", 1_300, "listening"),
    _driver("No. No, nothing like that. I just want to get home to my family.", 1_300, strain=0.5),
    _officer("Okay. Thank you for telling me.", 700, "courtesy"),
    _officer(
        "I'm not going to write you a ticket tonight. I'm giving you a warning for the speed.",
        800,
        "leniency",
        "explanation",
    ),
    _driver(
        "Can I have a hug? I need a hug. Can I have a hug, please?",
        2_200,
        "help_request",
        "distress",
        quoted=True,
        strain=1.0,
    ),
    _officer("Sure. Sure. Yeah.", 500, "supportive_act", quoted=True),
    _officer("Step out on this side, and watch your step.", 450, "command", cue="steps_out"),
)

#: What is said while the embrace covers the lens, to the end.
EMBRACE: tuple[ScriptLine, ...] = (
    _driver("I'm sorry. I'm so sorry.", 8_000, "distress", strain=0.35),
    _officer("No, you're good, man. I promise you, it's going to get better.", 1_000, "reassurance", quoted=True),
    _driver("I miss him so much. It hurts so bad.", 1_700, "distress", strain=1.0, sob_after_ms=2_000),
    _officer("I know you do. I am right here with you. We are in no hurry.", 900, "empathy", "reassurance"),
    _officer("Is there somebody who could drive with you?", 2_500),
    _driver("My sister. She lives in town.", 1_300, strain=0.6),
    _officer("Let's call her together, and I'll wait here with you until she comes.", 700, "supportive_act"),
    _driver("Thank you. Nobody has been this kind to me. Thank you so much.", 1_400, "gratitude", strain=0.7),
    _officer("You're not alone tonight. Take care of yourself, and drive safe.", 1_200, "reassurance", "courtesy"),
)

SCRIPT: tuple[ScriptLine, ...] = STOP + EMBRACE

#: The line whose start begins the embrace scene: the lens closes shortly before it.
FIRST_OF_EMBRACE = len(STOP)

#: How long before the first words of the embrace the cloth is in the picture.
COVER_LEAD_MS = 2_600
