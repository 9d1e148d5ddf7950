"""What a rule proposes to hide. Word positions only: the words stay where they are."""

from __future__ import annotations

from dataclasses import dataclass

from bodyworn.domain.redaction import Reason


@dataclass(frozen=True)
class SpokenProposal:
    """Words ``first..last`` (inclusive, counted over the recording) to hide, for which reason, how sure (0..1), and
    what made the rule think so. ``why`` never quotes what is to be hidden."""

    first: int
    last: int
    reason: Reason
    confidence: float
    why: str

    def overlaps(self, other: SpokenProposal) -> bool:
        """Whether they share a word."""
        return self.first <= other.last and other.first <= self.last
