"""What a rule proposes to hide. Word positions only: the words stay where they are."""

from __future__ import annotations

from dataclasses import dataclass

from bodyworn.domain.redaction import Reason
from bodyworn.redactions.spoken.rules import SpokenRule


@dataclass(frozen=True)
class SpokenProposal:
    """Words ``first..last`` (inclusive, counted over the recording) to hide, for which reason and by which rule."""

    first: int
    last: int
    reason: Reason
    rule: SpokenRule

    @property
    def confidence(self) -> float:
        """How sure the rule is, 0..1."""
        return self.rule.confidence

    @property
    def why(self) -> str:
        """What made the rule think so; never a quotation."""
        return self.rule.why

    def overlaps(self, other: SpokenProposal) -> bool:
        """Whether they share a word."""
        return self.first <= other.last and other.first <= self.last
