"""A bare "Sure. Yeah." to a person who asks for help agrees to help, and the guidelines call that a supportive act.

Read alone such words carry nothing, and the model scores them low. Where an officer's short agreement directly answers
a request for help, ``supportive_act`` is raised to at least :data:`LEAST_SCORE`.

Nothing but a yes is no order: the model, which learned from orders said twice, takes "Sure. Sure." for one. ``command``
goes to :data:`MOST_SCORE` at most.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bodyworn.domain.role import Role, is_officer
from bodyworn.findings.cues.turns import CueTurn

KIND, REQUEST = "supportive_act", "help_request"
LEAST_SCORE = 0.6
NEVER, MOST_SCORE = "command", 0.4
MOST_WORDS = 6
_OPENING = r"(?:(?:oh|hey|well|um|uh|hm+|okay|ok)[,.]? )?"
_AGREES = r"(?:sure|yeah|yes|yep|of course|absolutely|you bet|certainly|come here|i will|i can)"
_SHORT_AGREEMENT = re.compile(rf"{_OPENING}{_AGREES}\b(?!\W+(?:but|no|not|i know|right)\b)", re.IGNORECASE)
_ONLY_YES = re.compile(
    r"(?:(?:sure|yeah|yes|yep|yup|okay|ok|of course|absolutely|certainly|you bet|uh.huh|mm.?hm+|oh|um|uh)\W*)+",
    re.IGNORECASE,
)


def is_only_a_yes(text: str) -> bool:
    """Whether nothing but words of agreement is said."""
    return _ONLY_YES.fullmatch(text.strip()) is not None


def agrees_to_help(turns: Sequence[CueTurn], asked: Sequence[bool], at: int) -> list[str]:
    """The words of turn ``at`` if they agree to the request of the turn before; else nothing.

    ``asked`` tells for each turn whether it asks for help. A dispatcher in between does not count as a turn.
    """
    turn = turns[at]
    words = re.findall(r"[\w']+", turn.text)
    if not is_officer(turn.role) or not 0 < len(words) <= MOST_WORDS or turn.text.rstrip().endswith("?"):
        return []
    if not _SHORT_AGREEMENT.match(turn.text.strip()):
        return []
    before = next((n for n in range(at - 1, -1, -1) if turns[n].role != Role.DISPATCH.value), None)
    if before is None or not asked[before] or is_officer(turns[before].role):
        return []
    return words
