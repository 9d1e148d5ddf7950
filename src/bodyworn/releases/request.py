"""What a release is for, as typed on a command line or in a form, and as the code needs it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bodyworn.domain.release import ReleaseRequest
from bodyworn.releases.clock import days, read_rules


@dataclass(frozen=True)
class ReleaseForm:
    """A request as typed. Days are ``YYYY-MM-DD``, ``still_s`` is in seconds of the clip, ``rules`` a rules file."""

    agency: str
    requester: str
    request_date: str
    legal_authority: str
    title: str
    caption: str = ""
    credit: str = ""
    still_s: float | None = None
    officer_notified: str | None = None
    family_notified: str | None = None
    incident_date: str | None = None
    complaint_date: str | None = None
    rules: Path | None = None

    def request(self) -> ReleaseRequest:
        """The request, with deadlines and citations by the rules; :class:`InputError` for what cannot be read."""
        by_law = read_rules(self.rules)
        known = days(incident=self.incident_date, complaint=self.complaint_date, request=self.request_date)
        days(officer=self.officer_notified, family=self.family_notified)
        return ReleaseRequest(
            agency=self.agency,
            requester=self.requester,
            request_date=self.request_date,
            legal_authority=self.legal_authority,
            title=self.title,
            caption=self.caption,
            credit=self.credit or self.agency,
            still_ms=round(self.still_s * 1000) if self.still_s is not None else None,
            officer_notified=self.officer_notified,
            family_notified=self.family_notified,
            deadlines=tuple(by_law.deadlines(known)),
            citations=by_law.citations,
        )
