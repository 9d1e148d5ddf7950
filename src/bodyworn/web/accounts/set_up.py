"""Setting up an account by its invitation: a password, a second factor by QR code, and codes to print."""

from __future__ import annotations

import io
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import RedirectResponse, Response

from bodyworn.access.signing_in.service import Enrollment
from bodyworn.domain.errors import Denied, InputError
from bodyworn.web.accounts.desk import WAY
from bodyworn.web.accounts.forms import FirstCodeForm, InvitationForm
from bodyworn.web.accounts.router import accounts_of, let_in
from bodyworn.web.forms import FormState, SentForm, blank, read
from bodyworn.web.pages import page
from bodyworn.web.security.door import door_of, visitor_of
from bodyworn.web.security.middleware import FRESH
from bodyworn.web.security.way_back import HOME

router = APIRouter()

#: Set-ups that are under way at once, and seconds that each may take.
KEPT, SECONDS = 200, 900


@dataclass(frozen=True)
class SetUp:
    """A set-up under way: what was checked of the person, and the second factor that is to be confirmed."""

    login: str
    invitation: str
    password: str
    enrollment: Enrollment


@dataclass
class SetUps:
    """Set-ups under way and codes that are still to be printed, in memory only, by what the browser alone has."""

    clock: Callable[[], float] = time.monotonic
    _kept: OrderedDict[str, tuple[float, SetUp | Sequence[str]]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def keep(self, bound: str, what: SetUp | Sequence[str]) -> None:
        """Keep it for that browser, in the place of what it had."""
        with self._lock:
            self._kept.pop(bound, None)
            self._kept[bound] = (self.clock() + SECONDS, what)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)

    def of(self, bound: str) -> SetUp | None:
        """The set-up of that browser, if one is under way."""
        found = self._at(bound)
        return found if isinstance(found, SetUp) else None

    def codes(self, bound: str) -> Sequence[str]:
        """The codes that the browser has yet to print."""
        found = self._at(bound)
        return () if found is None or isinstance(found, SetUp) else found

    def done(self, bound: str) -> None:
        """Forget what was kept for that browser."""
        with self._lock:
            self._kept.pop(bound, None)

    def _at(self, bound: str) -> SetUp | Sequence[str] | None:
        with self._lock:
            until, what = self._kept.get(bound, (0.0, None))
            if what is not None and self.clock() >= until:
                del self._kept[bound]
                return None
            return what


@router.get("/set-up")
def set_up_page(request: Request) -> Response:
    """Name, invitation and a new password."""
    if not door_of(request).has_accounts() or visitor_of(request).person is not None:
        return RedirectResponse(HOME, status_code=303, headers=FRESH)
    return _first(request, blank(InvitationForm))


@router.post("/set-up")
def set_up(request: Request, sent: SentForm) -> Response:
    """Check them, and lead to the second factor."""
    form = read(InvitationForm, sent.values)
    if form.value is None:
        return _first(request, form, 422)
    login, invitation, password = form.value.login, form.value.invitation, sent.values["password"]
    if password != sent.values["again"]:
        return _first(request, _typed(form, again="The two passwords are not the same"), 422)

    def act() -> str:
        enrollment = accounts_of(request).sign_in.enroll(login, invitation, password)
        _set_ups(request).keep(visitor_of(request).bound, SetUp(login, invitation, password, enrollment))
        return "/set-up/confirm"

    try:
        return sent.act(act)
    except Denied as refusal:
        return _first(request, _typed(form), 401, refusal=refusal)
    except InputError as weak:
        return _first(request, _typed(form, password=f"{weak.what[:1].upper()}{weak.what[1:]}. {weak.advice}"), 422)


@router.get("/set-up/confirm")
def second_factor(request: Request) -> Response:
    """The QR code of the second factor, and the field for its first code."""
    if _set_ups(request).of(visitor_of(request).bound) is None:
        return RedirectResponse("/set-up", status_code=303, headers=FRESH)
    return _second(request, blank(FirstCodeForm))


@router.post("/set-up/confirm")
def confirm(request: Request, sent: SentForm) -> Response:
    """Keep password and second factor, and go on signed in to the codes to print."""
    under_way, bound = _set_ups(request).of(visitor_of(request).bound), visitor_of(request).bound
    form = read(FirstCodeForm, sent.values)
    if under_way is None:
        return RedirectResponse("/set-up", status_code=303, headers=FRESH)
    if form.value is None:
        return _second(request, form, 422)
    code, given = form.value.code, under_way

    def act() -> str:
        secret = given.enrollment.secret
        services = accounts_of(request).sign_in
        opened = services.finish_enrolling(given.login, given.invitation, given.password, secret, code, WAY)
        _set_ups(request).done(bound)
        _set_ups(request).keep(opened.token, tuple(opened.recovery_codes))
        return opened.token

    try:
        return let_in(request, sent.tokens.once(sent.token, act), "/account/printed-codes")
    except InputError as wrong:
        errors = {"code": f"{wrong.what[:1].upper()}{wrong.what[1:]}. {wrong.advice}"}
        return _second(request, FormState(FirstCodeForm, None, {}, errors), 422)
    except Denied as refusal:
        _set_ups(request).done(bound)
        return _first(request, blank(InvitationForm), 401, refusal=refusal)


@router.get("/set-up/code.svg")
def qr_code(request: Request) -> Response:
    """The address of the second factor as a QR code, for the browser that sets up an account."""
    under_way = _set_ups(request).of(visitor_of(request).bound)
    if under_way is None:
        raise HTTPException(404, "No account is being set up here")
    return Response(picture_of(under_way.enrollment.address), media_type="image/svg+xml", headers=FRESH)


@router.get("/account/printed-codes")
def codes_to_print(request: Request) -> Response:
    """The codes for a lost telephone, until the person says that they are printed."""
    codes = _set_ups(request).codes(visitor_of(request).bound)
    if not codes:
        return RedirectResponse("/account", status_code=303, headers=FRESH)
    return page(request, "accounts/printed_codes.html", codes=codes)


@router.post("/account/printed-codes")
def codes_printed(request: Request, sent: SentForm) -> Response:
    """Show them no more."""
    _set_ups(request).done(visitor_of(request).bound)
    return sent.act(lambda: HOME)


def picture_of(address: str) -> bytes:
    """A QR code as SVG, dark on light whatever the theme: programs read it best so."""
    import segno

    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        out, kind="svg", scale=6, border=4, dark="#000", light="#fff", xmldecl=False, nl=False
    )
    return out.getvalue()


def _set_ups(request: Request) -> SetUps:
    set_ups: SetUps = request.app.state.set_ups
    return set_ups


def _typed(form: FormState[InvitationForm], **errors: str) -> FormState[InvitationForm]:
    """The form without its passwords, with what is wrong."""
    values = {name: text for name, text in form.values.items() if name in ("login", "invitation")}
    return FormState(InvitationForm, None, values, errors)


def _first(
    request: Request, form: FormState[InvitationForm], status: int = 200, *, refusal: Denied | None = None
) -> Response:
    door = door_of(request)
    door.know(request)
    answer = page(request, "accounts/set_up.html", status, form=form, refusal=refusal)
    door.remember(request, answer)
    return answer


def _second(request: Request, form: FormState[FirstCodeForm], status: int = 200) -> Response:
    under_way = _set_ups(request).of(visitor_of(request).bound)
    secret = under_way.enrollment.secret if under_way is not None else ""
    groups = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    return page(request, "accounts/second_factor.html", status, form=form, secret=groups)
