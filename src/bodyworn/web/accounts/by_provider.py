"""``/sign-in/oidc``, ``/prove/oidc``: to the provider that people sign in by, and back from it.

The way there is a link, not a form: a form may not lead to another site. The way back is a navigation from that site;
it counts only in the browser that was sent there, once.
"""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import RedirectResponse, Response

from bodyworn.access.signing_in.challenges import SECONDS, Purpose
from bodyworn.access.signing_in.oidc import Oidc, ProviderAnswer
from bodyworn.access.site import Site
from bodyworn.domain.errors import Denied
from bodyworn.web.accounts.desk import WAY
from bodyworn.web.accounts.forms import ProofForm, SignInForm
from bodyworn.web.accounts.router import Next, accounts_of, let_in, person_of, proof_form, sign_in_form
from bodyworn.web.forms import blank
from bodyworn.web.security.door import Door, door_of, visitor_of
from bodyworn.web.security.middleware import FRESH
from bodyworn.web.security.way_back import leading_back, way_back

router = APIRouter()

BACK = "/sign-in/oidc/back"
#: Characters of what the browser brings back; providers send a few hundred.
_LONGEST = 4000


@router.get("/sign-in/oidc")
def to_provider(request: Request, back: Next = "") -> Response:
    """Send a browser to the provider; one that another site sent here sees the page to sign in first."""
    back = way_back(back)
    if visitor_of(request).person is not None or _from_elsewhere(request):
        return RedirectResponse(leading_back("/sign-in", back), status_code=303, headers=FRESH)
    door, oidc = door_of(request), _oidc(request)
    try:
        answer = _sent(request, oidc.asked(Purpose.SIGN_IN, door.know(request), _address(request)), back)
    except Denied as refusal:
        return sign_in_form(request, blank(SignInForm), back, 401, refusal=refusal)
    door.remember(request, answer)
    return answer


@router.get("/prove/oidc")
def prove_by_provider(request: Request, back: Next = "") -> Response:
    """Send who is signed in to the provider, to prove there again who they are."""
    back = way_back(back)
    person_of(request)
    if _from_elsewhere(request):
        return RedirectResponse(leading_back("/prove", back), status_code=303, headers=FRESH)
    try:
        address = _oidc(request).asked(Purpose.PROVE, visitor_of(request).bound, _address(request))
    except Denied as refusal:
        return proof_form(request, blank(ProofForm), back, 401, refusal=refusal)
    return _sent(request, address, back)


@router.get(BACK)
def from_provider(request: Request) -> Response:
    """Open a session, or note a proof, for who comes back from the provider."""
    visitor, oidc = visitor_of(request), _oidc(request)
    told = {name: request.query_params.get(name, "")[:_LONGEST] for name in ("state", "code", "error", "iss")}
    answer = ProviderAnswer(told["state"], told["code"], told["error"], told["iss"])
    back = way_back(request.cookies.get(_next_cookie(door_of(request)), ""))
    try:
        if visitor.person is not None:
            oidc.prove(visitor.person, visitor.bound, _address(request), answer)
            done: Response = RedirectResponse(back, status_code=303, headers=FRESH)
        else:
            done = let_in(request, oidc.sign_in(visitor.bound, _address(request), answer, WAY).token, back)
    except Denied as refusal:
        if visitor.person is not None:
            return proof_form(request, blank(ProofForm), back, 401, refusal=refusal)
        return sign_in_form(request, blank(SignInForm), back, 401, refusal=refusal)
    done.delete_cookie(_next_cookie(door_of(request)), path="/", secure=True, httponly=True, samesite="lax")
    return done


def _oidc(request: Request) -> Oidc:
    found = accounts_of(request).sign_in.oidc
    if found is None or not door_of(request).has_accounts():
        raise HTTPException(404, "There is no provider to sign in by")
    return found


def _address(request: Request) -> str:
    """Where the browser comes back to: at the address that people are given, whichever it came by."""
    site: Site = request.app.state.site
    return f"{site.origin}{BACK}"


def _sent(request: Request, address: str, back: str) -> Response:
    answer = RedirectResponse(address, status_code=303, headers=FRESH)
    name = _next_cookie(door_of(request))
    answer.set_cookie(name, back, max_age=SECONDS, secure=True, httponly=True, samesite="lax", path="/")
    return answer


def _next_cookie(door: Door) -> str:
    return f"{door.visit_cookie}_next"


def _from_elsewhere(request: Request) -> bool:
    """Whether another site sent the browser: nobody is signed in by a link that somebody else made."""
    return request.headers.get("sec-fetch-site", "none") not in ("same-origin", "none")
