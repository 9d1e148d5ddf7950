"""Restrictions of a library: recordings that only the people on their own list may see, whatever their roles."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from bodyworn.access.access import Access
from bodyworn.custody.audit_log import AuditLog
from bodyworn.domain.account import account_id
from bodyworn.domain.actor import ACCOUNT, Person
from bodyworn.domain.codec import JsonObject
from bodyworn.domain.errors import Conflict, Denied, NotFound
from bodyworn.domain.event import Outcome, Tag
from bodyworn.domain.event_details import AccessDenied, Viewed
from bodyworn.domain.recording import Recording, shown_name
from bodyworn.domain.restriction import (
    Restriction,
    RestrictionAct,
    RestrictionCategory,
    RestrictionChanged,
    RestrictionStep,
)
from bodyworn.domain.visibility import Thing
from bodyworn.domain.written import written
from bodyworn.storage.databases.base import Database, Transaction
from bodyworn.storage.rows import people, walls


class Restrictions:
    """The restrictions of one library, for the actor of ``audit_log``."""

    def __init__(self, database: Database, audit_log: AuditLog, access: Access) -> None:
        self._database, self._audit_log, self._access = database, audit_log, access

    def place(self, recording: Recording, category: RestrictionCategory, why: str) -> Restriction:
        """Let nobody see the recording but who is on its list; who places it is on it."""
        self._access.require("restrictions.place", _thing(recording.id))
        reason, me = written(why, "the reason"), self._access.actor.id
        with self._database.write() as transaction:
            stands = _of(transaction, recording.id)
            if stands is not None and category in stands.categories:
                raise Conflict(f"{recording.id} is restricted as {category.value} already", "Look at the restriction")
            self._add(transaction, recording.id, RestrictionAct.PLACE, category.value, reason)
            if me.startswith(ACCOUNT) and (stands is None or me not in stands.admitted):
                self._add(transaction, recording.id, RestrictionAct.ADMIT, me, reason)
        return self._sealed(recording.id)

    def lift(self, restriction: Restriction, category: RestrictionCategory, why: str) -> Restriction:
        """Take a category away; without any left, roles and units count again."""
        self._access.require("restrictions.lift", _thing(restriction.recording))
        if category not in restriction.categories:
            raise Conflict(f"{restriction.recording} is not restricted as {category.value}", "Look at the restriction")
        return self._act(restriction, RestrictionAct.LIFT, category.value, why)

    def admit(self, restriction: Restriction, login: str, why: str) -> Restriction:
        """Put a person on the list; roles and units still count. Nobody admits themselves."""
        self._access.require("restrictions.admit", _thing(restriction.recording))
        named = account_id(login)
        if named == self._access.actor.id:
            detail = AccessDenied(act="restrictions.admit", why="nobody admits themselves")
            self._audit_log.append(Tag.ACCESS_DENIED, restriction.recording, detail, outcome=Outcome.DENIED)
            raise Denied("nobody admits themselves to a restricted recording", "Ask another administrator")
        with self._database.read() as transaction:
            if people.account(transaction, named) is None:
                raise NotFound(f"there is no account {named}", "Look at the list of people")
        return self._act(restriction, RestrictionAct.ADMIT, named, why)

    def dismiss(self, restriction: Restriction, login: str, why: str) -> Restriction:
        """Take a person off the list; it counts at once."""
        self._access.require("restrictions.dismiss", _thing(restriction.recording))
        return self._act(restriction, RestrictionAct.DISMISS, account_id(login), why)

    def list(self) -> Sequence[Restriction]:
        """All recordings that are or were restricted, with who is on their lists."""
        self._access.require("restrictions.list")
        with self._database.read() as transaction:
            every = _every(transaction)
        return self._access.only("restrictions.list", every, lambda one: _thing(one.recording))

    def get(self, text: str) -> Restriction:
        """The restriction of the recording whose id starts with ``text``; else :class:`NotFound`."""
        self._access.require("restrictions.get")
        with self._database.read() as transaction:
            found = [one for one in _every(transaction) if text and one.recording.startswith(text.lower())]
        seen = self._access.named("restrictions.get", found, lambda one: _thing(one.recording))
        if len(seen) != 1:
            how = "no restricted recording has" if not seen else f"{len(seen)} restricted recordings have"
            what = f"{how} an ID that starts with {shown_name(text)!r}"
            raise NotFound(what, "Take an ID from the list of restrictions")
        return seen[0]

    def listed(self, count: int) -> None:
        """Write that the list was looked at."""
        self._audit_log.append(Tag.RESTRICTIONS_LISTED, "restrictions", Viewed(count=count))

    def _act(self, restriction: Restriction, act: RestrictionAct, subject: str, why: str) -> Restriction:
        reason = written(why, "the reason")
        with self._database.write() as transaction:
            self._add(transaction, restriction.recording, act, subject, reason)
        return self._sealed(restriction.recording)

    def _add(self, transaction: Transaction, recording: str, act: RestrictionAct, subject: str, why: str) -> None:
        number = len(walls.restriction_rows(transaction, recording)) + 1
        values: JsonObject = {
            "id": f"{recording}.{number}",
            "recording_id": recording,
            "number": number,
            "act": act.value,
            "subject": subject,
            "why": why,
            **self._audit_log.done_by(),
        }
        detail = RestrictionChanged(act.value, subject)
        self._audit_log.add_row(transaction, Tag.RESTRICTION_CHANGED, recording, "restriction_steps", values, detail)

    def _sealed(self, recording: str) -> Restriction:
        self._audit_log.seal()
        with self._database.read() as transaction:
            stands = _of(transaction, recording)
        assert stands is not None
        return stands


def _thing(recording: str) -> Thing:
    """The restriction as the policy sees it."""
    return Thing("restrictions", recording, {"recording_id": recording})


def _every(transaction: Transaction) -> Sequence[Restriction]:
    rows = walls.restriction_rows(transaction)
    return [_restriction(one, list(steps)) for one, steps in groupby(rows, key=lambda row: row["recording_id"])]


def _of(transaction: Transaction, recording: str) -> Restriction | None:
    rows = walls.restriction_rows(transaction, recording)
    return _restriction(recording, rows) if rows else None


def _restriction(recording: str, rows: Sequence[walls.RestrictionStepRow]) -> Restriction:
    steps = tuple(
        RestrictionStep(
            RestrictionAct(row["act"]),
            row["subject"],
            row["why"],
            Person.recorded(row["by"], row["stated_name"]),
            datetime.fromisoformat(row["at"]),
        )
        for row in rows
    )
    categories = _standing(steps, RestrictionAct.PLACE, RestrictionAct.LIFT)
    admitted = _standing(steps, RestrictionAct.ADMIT, RestrictionAct.DISMISS)
    return Restriction(recording, tuple(RestrictionCategory(one) for one in categories), admitted, steps)


def _standing(steps: Sequence[RestrictionStep], adds: RestrictionAct, removes: RestrictionAct) -> tuple[str, ...]:
    found: set[str] = set()
    for step in steps:
        if step.act is adds:
            found.add(step.subject)
        elif step.act is removes:
            found.discard(step.subject)
    return tuple(sorted(found))
