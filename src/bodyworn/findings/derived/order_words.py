"""The words of orders: verbs they begin with, what the usual ones ask for, which of those exclude each other."""

from __future__ import annotations

import re

_CAR = r"(?:car|vehicle|truck|van)"

#: What the usual orders ask for, by the words of the order; the first that fits.
_PATTERNS: dict[str, tuple[str, ...]] = {
    "stay_in_car": (rf"^(stay|remain|wait|sit|get|keep)( right)?( back)? (in|inside)( the| your| that)? {_CAR}",),
    "get_out": (
        r"^(step|get|come|hop|climb)( on| right)? (out|outta)\b(?! (of )?(the|your) (street|way|road))",
        r"^exit\b",
    ),
    "hands_behind": (r"\b(hands?|arms?)\b.*\bbehind\b",),
    "hands": (
        r"\b(hands?|palms|fingers)\b.*\b(up|out|where|see|on|behind|wheel|dash|head|air)\b",
        r"^(show|let)( us)?( see)?( \w+)* (hands?|palms|fingers)",
        r"^hands\b",
        r"^get (your|those|them) hands",
    ),
    "still": (r"^(freeze|hold still|stand still|sit still|stay still|stop moving)",),
    "ground": (
        r"^(get|lie|lay)( back| face)? (down|on)( on)?( the| your)?( ground| floor| stomach| belly| face| knees)?$",
        r"^kneel",
    ),
    "stand": (r"^(stand|get) up",),
    "sit": (r"^sit\b", r"^(have|take) a seat"),
    "turn_around": (r"^turn around", r"^turn( \w+)? away", r"^face (away|the)"),
    "back_up": (r"^(step|move|get|stay|stand) (back|up|away)\b", r"^back (it )?up"),
    "come": (r"^(come|walk|step|move)( on| back| over)? (here|over|to|toward|towards|with|this way)\b", r"^walk back"),
    "stay": (r"^(stay|wait|remain|stand)( right)? (there|here|put)", r"^stay where"),
    "engine_off": (
        rf"^(turn|shut|cut|kill|switch)\b.*\b(engine|ignition|motor|it|{_CAR})\b.*\boff",
        rf"^(turn|shut|cut|switch) off (the|your) (engine|ignition|motor|{_CAR})",
        r"^kill the (engine|motor)",
    ),
    "drop": (r"^drop\b", r"^(put|set|lay)( \w+){1,4} down", r"^let (it|go)"),
}
ACTIONS = tuple((action, re.compile("|".join(patterns))) for action, patterns in _PATTERNS.items())

#: Pairs that cannot both be obeyed at once.
CONFLICTS = frozenset(
    frozenset(pair)
    for pair in (
        ("still", "hands"), ("still", "get_out"), ("still", "ground"), ("still", "turn_around"), ("still", "stand"),
        ("still", "come"), ("still", "back_up"), ("still", "sit"), ("stay_in_car", "get_out"), ("stay", "come"),
        ("stay", "get_out"), ("stay", "back_up"), ("ground", "stand"), ("sit", "stand"), ("come", "back_up"),
    )
)  # fmt: skip


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


VERBS = _set(
    "step get come hop exit show let put keep turn stay remain wait stop drop move sit stand look face walk open "
    "close roll lie lay kneel give hand set back freeze hold shut cut kill switch lower raise spread cross take "
    "quit leave go pull release toss throw drive park slow relax calm watch climb interlock bring reach have"
)
#: Parts of the body that begin an order without a verb.
BARE = _set("hands palms")
NOT = _set("don't dont never not")
#: Words of an order that say nothing of what it asks for.
FILLERS = _set(
    "sir ma'am please okay ok now right just hey man buddy bud dude guys for me go ahead and or then again both"
)
#: With "again" these make a condition of what sounds like an order: "you get out again, you're going with him".
CONSEQUENCE = _set("you're youre you'll i'm i'll we'll")
#: Words that do not count when two orders are compared.
SMALL = _set("the a an your you that this it them those to of on in out up down off for me my us is are")
#: After these a verb belongs to a clause that is no order ("I can see", "we will go").
_NO_ORDER_AFTER = _set("can gonna could would i'm i we they he she will i'll we'll who let the your my his her this")
#: With "you" after them these begin a clause that is no order: "because you stopped".
_CLAUSE = _set("that if when because what how where why which until once as do did could would can")
#: Words that are verbs of command only where no article or the like stands before them.
_NOUNS = _set("set hand look watch open back cut")


def begins(word: str, previous: str, before: str) -> bool:
    """Whether ``word`` begins an order, given the two words before it in the sentence (empty at its start)."""
    if previous == "you" and before in _CLAUSE:
        return False
    if word in BARE:
        return previous in BARE | {"", "sir", "ma'am", "man", "now"}
    if word == "back" and previous in VERBS:
        return False
    if word in _NOUNS and previous in {"that", "all", "right", "left", "a"}:
        return False
    return word in VERBS and previous not in NOT and previous not in _NO_ORDER_AFTER
