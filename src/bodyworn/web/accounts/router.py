"""Signing in and out, and proving again who one is: by password and one-time code, or by a passkey."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from bodyworn.access.signing_in.challenges import Purpose
from bodyworn.access.signing_in.sessions import OpenSession
from bodyworn.access.signing_in.webauthn_answers import LONGEST, PasskeySite
from bodyworn.access.site import Site
from bodyworn.domain.errors import Denied, InputError
from bodyworn.web.accounts.desk import WAY, Accounts
from bodyworn.web.accounts.forms import ProofForm, SignInForm
from bodyworn.web.forms import FormState, Sent, SentForm, blank, read
from bodyworn.web.pages import page
from bodyworn.web.security.door import door_of, visitor_of
from bodyworn.web.security.middleware import FRESH
from bodyworn.web.security.way_back import HOME, way_back

router = APIRouter()

Next = Annotated[str, Query(alias="next", max_length=2000)]


@router.get("/sign-in")
def sign_in_page(request: Request, back: Next = "", out: bool = False) -> Response:
    """The notice of use, and the fields below it; who is signed in goes on."""
    if not door_of(request).has_accounts() or visitor_of(request).person is not None:
        return RedirectResponse(way_back(back), status_code=303, headers=FRESH)
    return sign_in_form(request, blank(SignInForm), way_back(back), out=out)


@router.post("/sign-in")
def sign_in(request: Request, sent: SentForm) -> Response:
    """Open a session by password and one-time code."""
    form, back = read(SignInForm, sent.values), way_back(sent.values.get("next", ""))
    if form.value is None:
        return sign_in_form(request, form, back, 422)
    login, code, password = form.value.login, form.value.code, sent.values["password"]
    services = accounts_of(request).sign_in
    try:
        token = sent.tokens.once(sent.token, lambda: services.sign_in(login, password, code, WAY).token)
    except Denied as refusal:
        return sign_in_form(request, blank(SignInForm, login=login), back, 401, refusal=refusal)
    return let_in(request, token, back)


@router.post("/sign-in/passkey")
def sign_in_by_passkey(request: Request, sent: SentForm) -> Response:
    """Open a session by a passkey."""
    back, answer = way_back(sent.values.get("next", "")), _answer(sent)
    site, bound = passkey_site(request), visitor_of(request).bound
    services = accounts_of(request).sign_in.passkeys
    try:
        token = sent.tokens.once(sent.token, lambda: services.sign_in(_there(site), bound, answer, WAY).token)
    except Denied as refusal:
        return sign_in_form(request, blank(SignInForm), back, 401, refusal=refusal)
    return let_in(request, token, back)


@router.post("/sign-out")
def sign_out(request: Request, sent: SentForm) -> Response:
    """End the session."""
    token = visitor_of(request).bound

    def act() -> str:
        accounts_of(request).sign_in.sign_out(token, WAY)
        return "/sign-in?out=true"

    answer = sent.act(act)
    door_of(request).let_out(answer)
    return answer


@router.get("/prove")
def proof_page(request: Request, back: Next = "") -> Response:
    """Ask who is signed in to prove it again, before an act that needs it."""
    person_of(request)
    return proof_form(request, blank(ProofForm), way_back(back))


@router.post("/prove")
def prove(request: Request, sent: SentForm) -> Response:
    """Prove again by password and one-time code, and go back."""
    form, back = read(ProofForm, sent.values), way_back(sent.values.get("next", ""))
    if form.value is None:
        return proof_form(request, form, back, 422)
    code, password, token = form.value.code, sent.values["password"], visitor_of(request).bound

    def act() -> str:
        accounts_of(request).sign_in.prove(token, WAY, password, code)
        return back

    try:
        return sent.act(act)
    except Denied as refusal:
        return proof_form(request, blank(ProofForm), back, 401, refusal=refusal)


@router.post("/prove/passkey")
def prove_by_passkey(request: Request, sent: SentForm) -> Response:
    """Prove again by a passkey, and go back."""
    back, answer = way_back(sent.values.get("next", "")), _answer(sent)
    site, token, person = passkey_site(request), visitor_of(request).bound, person_of(request)

    def act() -> str:
        accounts_of(request).sign_in.passkeys.prove(person, token, _there(site), token, answer)
        return back

    try:
        return sent.act(act)
    except Denied as refusal:
        return proof_form(request, blank(ProofForm), back, 401, refusal=refusal)


def accounts_of(request: Request) -> Accounts:
    """The accounts of the library behind this server."""
    accounts: Accounts | None = request.app.state.workbench.accounts
    if accounts is None:
        raise InputError("this library has no accounts", "Use the link that let you in")
    return accounts


def person_of(request: Request) -> OpenSession:
    """Who is signed in; :class:`Denied` where nobody is, as in a library without accounts."""
    person = visitor_of(request).person
    if person is None:
        raise Denied("nobody is signed in here", "Sign in")
    return person


def passkey_site(request: Request) -> PasskeySite | None:
    """Where passkeys work, if they do at the address that the browser came by."""
    site: Site = request.app.state.site
    return site.passkeys_at(request.headers.get("host", ""))


def let_in(request: Request, token: str, back: str) -> Response:
    """Go on with a session that was just opened."""
    answer = RedirectResponse(back, status_code=303, headers=FRESH)
    door_of(request).let_in(answer, token)
    return answer


def sign_in_form(
    request: Request,
    form: FormState[SignInForm],
    back: str,
    status: int = 200,
    *,
    out: bool = False,
    refusal: Denied | None = None,
) -> Response:
    """The page to sign in by, as it stands after what was tried."""
    door, accounts, site = door_of(request), accounts_of(request), passkey_site(request)
    bound, oidc = door.know(request), accounts.sign_in.oidc
    options = accounts.sign_in.passkeys.asked(site, Purpose.SIGN_IN, bound) if site is not None else ""
    shown: dict[str, object] = {"form": form, "back": back, "out": out, "refusal": refusal, "options": options}
    shown["provider"] = oidc.provider.name if oidc is not None else ""
    answer = page(request, "accounts/sign_in.html", status, notice_of_use=accounts.use_notice, **shown)
    door.remember(request, answer)
    return answer


def proof_form(
    request: Request, form: FormState[ProofForm], back: str, status: int = 200, *, refusal: Denied | None = None
) -> Response:
    """The page to prove by who one is, as it stands after what was tried."""
    services, site, bound = accounts_of(request).sign_in, passkey_site(request), visitor_of(request).bound
    mine = services.passkeys.of(person_of(request).account.id)
    options = services.passkeys.asked(site, Purpose.PROVE, bound) if site is not None and mine else ""
    shown = {"options": options, "home": back == HOME, "provider": provider_of(request)}
    return page(request, "accounts/prove.html", status, form=form, back=back, refusal=refusal, **shown)


def provider_of(request: Request) -> str:
    """What people call the provider that who is signed in is linked to; empty without one."""
    oidc = accounts_of(request).sign_in.oidc
    return oidc.provider.name if oidc is not None and oidc.linked(person_of(request).account.id) else ""


def _answer(sent: Sent) -> str:
    return sent.values.get("answer", "")[:LONGEST]


def _there(site: PasskeySite | None) -> PasskeySite:
    if site is None:
        raise Denied("passkeys do not work at this address", "Use the address that your administrator gave you")
    return site
