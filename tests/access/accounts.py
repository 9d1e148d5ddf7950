"""People with accounts, for tests: made, set up and signed in by the services themselves."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pyotp

from bodyworn.access.signing_in.opening import SignedIn
from bodyworn.access.signing_in.service import SignIn
from bodyworn.bootstrap import Library
from bodyworn.domain.account import roles_of
from bodyworn.domain.event import now

PASSWORD = "violet kettle harbor nine"


@dataclass
class Clock:
    """A clock that goes on when it is told to, so that each one-time code is another."""

    at: datetime = field(default_factory=now)

    def __call__(self) -> datetime:
        return self.at

    def on(self, **by: float) -> None:
        self.at += timedelta(**by)


def just_now() -> Clock:
    """A clock by which the next code is the one of this moment."""
    return Clock(now() - timedelta(minutes=1))


@dataclass
class Human:
    """A person with an authenticator program."""

    login: str
    secret: str = ""
    recovery_codes: tuple[str, ...] = ()

    def code(self, clock: Clock) -> str:
        """What the program shows a minute later; each call moves the clock, so it was not used before."""
        clock.on(minutes=1)
        return pyotp.TOTP(self.secret).at(clock())

    def set_up(self, sign_in: SignIn, invitation: str, clock: Clock, way: str = "cli") -> SignedIn:
        """Set up the account by an invitation."""
        enrollment = sign_in.enroll(self.login, invitation, PASSWORD)
        self.secret = enrollment.secret
        done = sign_in.finish_enrolling(self.login, invitation, PASSWORD, self.secret, self.code(clock), way)
        self.recovery_codes = tuple(done.recovery_codes)
        return done

    def signs_in(self, sign_in: SignIn, clock: Clock, way: str = "cli") -> SignedIn:
        """Sign in with password and one-time code."""
        return sign_in.sign_in(self.login, PASSWORD, self.code(clock), way)


def sign_in_at(library: Library, clock: Clock) -> SignIn:
    """The library's sign-in with another clock."""
    made = library.sign_in
    return SignIn(library.database, library.audit_log, made.box, known_bad=made.known_bad, clock=clock)


def person(library: Library, login: str, *roles: str, units: tuple[str, ...] = ("*",)) -> Library:
    """The library for a person who was added with these roles and signed in just now; ``library`` adds the person."""
    invitation = library.people.add(login, login.title(), roles_of(list(roles)), units)
    done = Human(login).set_up(library.sign_in, invitation.code, just_now())
    return library.signed_in(done.token, "cli")
