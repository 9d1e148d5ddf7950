"""Why there is contact, as an officer or dispatch says it: after words that open a reason, or stated outright."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bodyworn.domain.encounter_facts import ContactReason
from bodyworn.encounters.said.sentences import Sentence, is_meant

_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_ONES = "one|two|three|four|five|six|seven|eight|nine"
_SPEED = rf"(?:\d{{2,3}}|(?:{_TENS})(?: (?:{_ONES}))?|(?:a |one )?hundred(?: and)?(?: \w+)?)"
_LIGHT = (
    r"(?:head ?lights?|tail ?lights?|tail lamps?|brake ?lights?|brake lamps?|plate light|license plate light|lights?)"
)

#: Words by the reason that they name. The one that comes first after the opening words counts.
NAMED: Mapping[ContactReason, re.Pattern[str]] = {
    kind: re.compile(rf"\b(?:{words})\b")
    for kind, words in {
        ContactReason.SPEEDING: r"speed|speeding|miles an hour|miles per hour|mph|over the limit|too fast|clocked"
        rf"|(?:doing|going|at|running|were|was) {_SPEED}|{_SPEED} (?:in|through) (?:an?|the)",
        ContactReason.SIGNAL: r"red light|stop sign|stop light|stoplight|yellow light"
        r"|ran (?:that|the|a) (?:light|red|stop|sign)|rolled (?:that|the|a|through)|traffic signal|rolling stop"
        r"|right of way",
        ContactReason.LANE: r"lanes?|(?:center|fog|white|yellow) line|double yellow|rumble strip|u turn|left turn"
        r"|right turn"
        r"|turn signal|blinker|wrong way|illegal turn|swerv\w+|weav\w+|drift\w+",
        ContactReason.EQUIPMENT: rf"{_LIGHT}(?: \w+){{0,2}} (?:out|not on|broken|burned out)|no (?:\w+ )?{_LIGHT}"
        r"|headlight|taillight|brake light|tint|tints|tinted|muffler|exhaust|windshield|bulb|mirror"
        r"|backs off|lights? (?:is|are|was|were) off",
        ContactReason.REGISTRATION: r"registration|expired|tags?|plates?|inspection|sticker|insurance|no plate",
        ContactReason.PHONE: r"phone|texting|cell",
        ContactReason.SEAT_BELT: r"seat ?belt|belt",
        ContactReason.IMPAIRED: r"drunk driv\w+|impaired|intoxicated|driving under the influence|dui|dwi"
        r"|been drinking",
        ContactReason.DRIVING: r"tailgating|following too close\w*|reckless\w*|careless\w*"
        r"|cut (?:off|somebody|someone|him|her)"
        r"|racing|burnout|road rage|passing",
        ContactReason.WARRANT: r"warrants?",
        ContactReason.WELFARE: r"welfare|wellness|check on (?:you|him|her|them)|checking on"
        r"|make sure (?:youre|you are)"
        r" (?:ok|okay|all right|alright|safe)|worried about (?:you|him|her)|hurt yourself|suicidal|harm yourself",
        ContactReason.DOMESTIC: r"domestic|hitting (?:you|her|him)"
        r"|your (?:wife|husband|girlfriend|boyfriend) (?:called|says)",
        ContactReason.DISTURBANCE: r"disturbance|noise|loud|music|fight|fighting|yelling|screaming|argument"
        r"|arguing|party",
        ContactReason.THEFT: r"theft|stole|stolen|stealing|shoplift\w*|burglar\w*|robber\w*|broke into|break in"
        r"|breaking into",
        ContactReason.TRESPASS: r"trespass\w*|not supposed to be (?:here|in here)|private property|asked to leave",
        ContactReason.SUSPICIOUS: r"suspicious|prowl\w*|looking (?:in|into) (?:cars|windows)|selling"
        r"|matches? the description",
        ContactReason.CRASH: r"crash|accident|wreck|collision|hit and run|hit a (?:parked )?car|fender bender",
        ContactReason.MEDICAL: r"medical|overdos\w*|unconscious|unresponsive|not breathing|passed out|seizure",
        ContactReason.WEAPON: r"gun|rifle|pistol|knife|weapon|shots fired|machete",
        ContactReason.MISSING: r"missing|runaway|ran away",
    }.items()
}

_WHOM = r"(?:you|yall|him|her|them|this car|this vehicle)"
#: Words that open a reason which follows, from those after which anything may be the reason.
_OPENS = re.compile(
    r"\breason (?:that |why |for (?:me )?)?(?:i|we|im|were|ive|i am|we are|youre|you are|you were)? ?(?:\w+ ){0,2}?"
    rf"(?:stopped|stopping|stop|pulled|pulling|pull|contacted|contacting|detained|detaining|the stop|being stopped)"
    rf"(?: {_WHOM})?(?: over| here)?(?: today| tonight| this (?:morning|evening))?\b"
    rf"|\b(?:stopped|stopping|pulled|pulling|detained|detaining) {_WHOM}(?: over)?(?: today| tonight)? "
    r"(?:because|cause|cuz|for|on account of|due to|over)\b"
    r"|\byoure being (?:stopped|detained) (?:because|for)\b"
)
#: Words that open one only where what follows has a name here.
_CALLED = re.compile(
    r"\b(?:got|had|have|received|getting|gotten)"
    r" (?:an? |some |several |the |multiple )?(?:\w+ )?(?:calls?|reports?|complaints?)"
    r"(?: \w+)? (?:about|of|for|that|from|saying|regarding|on|reporting)\b"
    r"|\b(?:somebody|someone|neighbors?|your \w+|a lady|a man|people) (?:called|reported)\b"
    r"|\b(?:were|im|we are|i am) (?:just |only )?(?:out )?here (?:because|cause|for|to|about|on)\b"
    r"|\b(?:came|asked us|asked me|sent) (?:out )?(?:here )?to (?:do an? |check|make)\b"
    r"|\bresponding to\b|\bin reference to\b|\bregarding an?\b"
)
#: Words after which the reason was said before.
_THEREFORE = re.compile(r"\bthats why (?:i|we|im|were|we are) (?:stopped|pulled|here|stopping|pulling)\b")
#: Reasons that are stated without any opening words.
OUTRIGHT: tuple[tuple[ContactReason, re.Pattern[str]], ...] = (
    (
        ContactReason.SPEEDING,
        re.compile(
            rf"\b(?:i (?:had|got|have|clocked) you|radar (?:had|has|got) you|you were|you was|youre) (?:\w+ ){{0,2}}?"
            rf"(?:doing |going |at |running ){_SPEED}\b|\byou were speeding\b"
            rf"|\b(?:doing|going) {_SPEED} in an? {_SPEED}\b"
        ),
    ),
    (
        ContactReason.SIGNAL,
        re.compile(
            r"\byou (?:just )?(?:ran|rolled|blew|went|didnt stop) (?:right )?(?:through |at |for )?(?:that|the|a)"
            r" (?:\w+ )?(?:red light|red|light|stop sign|stop)\b"
        ),
    ),
    (
        ContactReason.EQUIPMENT,
        re.compile(
            rf"\b(?:you got|youve got|you have|your) (?:an? |your )?(?:\w+ ){{0,2}}{_LIGHT} "
            r"(?:is |are |s )?(?:\w+ )?(?:out|is off|are off|arent on|isnt on|not on)\b"
        ),
    ),
    (
        ContactReason.REGISTRATION,
        re.compile(r"\byour (?:\w+ )?(?:tags?|registration|plates?|sticker|inspection)(?: \w+){0,3} expired\b"),
    ),
    (
        ContactReason.WARRANT,
        re.compile(r"\byou(?:ve)? (?:got |have )(?:an? |some )?(?:\w+ )?warrants? (?:out|for|from)\b"),
    ),
    (ContactReason.WELFARE, re.compile(r"\b(?:welfare|wellness) check (?:on (?:you|him|her)|possible|for)\b")),
)
#: Words that deny the reason after them; but what is lacking is named so: "you are not wearing your belt".
_DENIED_REASON = re.compile(r"\b(?:not|isnt|wasnt|aint|nothing to do with) (?:\w+ ){0,3}$")
_LACKING = frozenset({ContactReason.SEAT_BELT, ContactReason.EQUIPMENT, ContactReason.REGISTRATION, ContactReason.LANE})
#: So many words after or before opening words are looked at.
_AFTER, _BEFORE = 25, 15
_OPENED, _CALL, _STATED = 0.9, 0.7, 0.6
_LEAST_WORDS = 3


@dataclass(frozen=True)
class SaidReason:
    """A reason that was said, how sure it is (0..1), and whether the sentence opens one and leaves it to the next."""

    reason: ContactReason | None
    confidence: float
    goes_on: bool = False


def reasons_in(sentence: Sentence, following: str = "") -> Iterator[SaidReason]:
    """The reasons that a sentence states; ``following`` are the plain words of the same voice right after it."""
    whole = f"{sentence.plain} {following}".strip()
    for pattern, confidence, any_reason in ((_OPENS, _OPENED, True), (_CALLED, _CALL, False)):
        for found in pattern.finditer(sentence.plain):
            if is_meant(sentence, found.start(), found.start()):
                words = whole[found.end() :].split()[:_AFTER]
                own = len(sentence.plain[found.end() :].split())
                reason = named(" ".join(words)) or (ContactReason.OTHER if any_reason else None)
                if reason and len(words) >= (_LEAST_WORDS if reason is ContactReason.OTHER else 1):
                    yield SaidReason(reason, confidence, goes_on=own < _LEAST_WORDS)
    for found in _THEREFORE.finditer(sentence.plain):
        reason = named(" ".join(sentence.plain[: found.start()].split()[-_BEFORE:]))
        if reason and not sentence.asks:
            yield SaidReason(reason, _OPENED)
    for kind, pattern in OUTRIGHT:
        stated = pattern.search(sentence.plain)
        if stated and is_meant(sentence, stated.start(), stated.end()):
            yield SaidReason(kind, _STATED)


def named(words: str) -> ContactReason | None:
    """The reason that plain words name first; ``None`` if none, or it is denied."""
    found = [(match.start(), kind) for kind, pattern in NAMED.items() if (match := pattern.search(words))]
    if not found:
        return None
    start, kind = min(found)
    denied = _DENIED_REASON.search(words[:start])
    return None if denied and kind not in _LACKING else kind
