"""``/account``: who one is here, what one may do, one's sessions and passkeys."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from bodyworn.access.site import Site
from bodyworn.domain.account import EVERY_UNIT
from bodyworn.domain.errors import InputError
from bodyworn.web.accounts.forms import PasskeyForm
from bodyworn.web.accounts.router import accounts_of, passkey_site, person_of, provider_of
from bodyworn.web.forms import FormState, SentForm, blank, read
from bodyworn.web.pages import page
from bodyworn.web.security.door import door_of, visitor_of
from bodyworn.web.security.middleware import FRESH
from bodyworn.web.security.way_back import HOME

router = APIRouter(prefix="/account")


@router.get("")
def own_account(request: Request) -> Response:
    """The account of who is signed in; there is none in a library without accounts."""
    if not door_of(request).has_accounts():
        return RedirectResponse(HOME, status_code=303, headers=FRESH)
    person, services, site = person_of(request), accounts_of(request).sign_in, _site(request)
    return page(
        request,
        "accounts/own.html",
        account=person.account,
        units=["all units" if unit == EVERY_UNIT else unit for unit in sorted(person.account.units)],
        here=person.id,
        sessions=services.sessions.of(person.account.id),
        passkeys=services.passkeys.of(person.account.id),
        can_add=passkey_site(request) is not None,
        address=site.origin,
        provider=provider_of(request),
    )


@router.post("/sessions/end")
def end_session(request: Request, sent: SentForm) -> Response:
    """End another session of the same person."""
    person, which = person_of(request), sent.values.get("session", "")[:64]

    def act() -> str:
        accounts_of(request).sign_in.end(person, which)
        return "/account"

    return sent.act(act)


@router.get("/passkeys/new")
def new_passkey(request: Request) -> Response:
    """Ask the browser for a new passkey; it takes a fresh proof of who the person is."""
    accounts_of(request).sign_in.passkeys.require_fresh(person_of(request), "passkeys.add")
    return _new(request, blank(PasskeyForm))


@router.post("/passkeys/new")
def add_passkey(request: Request, sent: SentForm) -> Response:
    """Keep it."""
    person, site, form = person_of(request), passkey_site(request), read(PasskeyForm, sent.values)
    if form.value is None or site is None:
        return _new(request, form, 422)
    name, answer, bound = form.value.name, sent.values.get("answer", ""), visitor_of(request).bound

    def act() -> str:
        accounts_of(request).sign_in.passkeys.add(person, site, bound, answer, name)
        return "/account"

    try:
        return sent.act(act)
    except InputError as wrong:
        return _new(request, form, 422, wrong=wrong)


@router.post("/passkeys/remove")
def remove_passkey(request: Request, sent: SentForm) -> Response:
    """Take one away."""
    person, which = person_of(request), sent.values.get("passkey", "")[:64]

    def act() -> str:
        accounts_of(request).sign_in.passkeys.remove(person, which)
        return "/account"

    return sent.act(act)


def _new(
    request: Request, form: FormState[PasskeyForm], status: int = 200, *, wrong: InputError | None = None
) -> Response:
    person, site, bound = person_of(request), passkey_site(request), visitor_of(request).bound
    services = accounts_of(request).sign_in.passkeys
    options = services.creation(site, person.account, bound) if site is not None else ""
    address = _site(request).origin
    return page(request, "accounts/new_passkey.html", status, form=form, options=options, wrong=wrong, address=address)


def _site(request: Request) -> Site:
    site: Site = request.app.state.site
    return site
