"""Signing in by a provider (OpenID Connect): authorization code with PKCE, for accounts that were linked before.

The provider is responsible for the second factor. What proves a person freshly is the time that the provider says.
Nothing is kept for an attempt: its state is recognized like a challenge, and nonce and PKCE secret follow from it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from bodyworn.access.people.ledger import account_in
from bodyworn.access.signing_in import id_tokens, links
from bodyworn.access.signing_in.challenges import Challenges, Purpose
from bodyworn.access.signing_in.id_tokens import SKEW, NoKeyFits, ProviderSubject, TokenWanted
from bodyworn.access.signing_in.opening import Opening, SignedIn
from bodyworn.access.signing_in.proofs import Proof
from bodyworn.access.signing_in.provider import Provider, ProviderRefusal
from bodyworn.access.signing_in.sessions import LONGEST, OpenSession, StoredSessions
from bodyworn.custody.audit_log import AuditLog
from bodyworn.domain.account import Account
from bodyworn.domain.errors import Denied, LibraryError
from bodyworn.storage.databases.base import Database

#: Seconds for which the provider's description of itself and its keys are kept.
_KEPT = 3600
#: Attempts that ask the provider at once; whoever waits longer than the seconds is turned away.
_AT_ONCE, _WAIT = 8, 5
#: A proof of which nobody said when it was: it is never fresh.
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class ProviderAnswer:
    """What the browser brings back from the provider, as it stands in the address; all of it is untrusted."""

    state: str
    code: str = ""
    error: str = ""
    issuer: str = ""


@dataclass
class _Known:
    """What the provider says of itself, and its keys, for a while."""

    provider: Provider
    _metadata: dict[str, object] = field(default_factory=dict)
    _keys: Sequence[id_tokens.Key] = ()
    _until: float = 0.0

    def metadata(self) -> dict[str, object]:
        """The provider's description (discovery); it has to be of this very issuer."""
        if not self._metadata or time.monotonic() > self._until:
            found = self.provider.asked(self.provider.issuer.rstrip("/") + "/.well-known/openid-configuration")
            if found.get("issuer") != self.provider.issuer:
                raise ProviderRefusal("a provider that says it is another")
            self._metadata, self._keys, self._until = found, (), time.monotonic() + _KEPT
        return self._metadata

    def address(self, name: str) -> str:
        """One of its addresses."""
        return str(self.metadata().get(name, ""))

    def keys(self, *, anew: bool = False) -> Sequence[id_tokens.Key]:
        """Its public keys; ``anew`` asks for them again."""
        address = self.address("jwks_uri")
        if anew or not self._keys:
            found = self.provider.asked(address).get("keys")
            self._keys = [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
        return self._keys


class Oidc:
    """Signing in to one library by its provider. ``address`` is where the browser comes back to."""

    def __init__(
        self,
        provider: Provider,
        database: Database,
        audit_log: AuditLog,
        sessions: StoredSessions,
        opening: Opening,
        clock: Callable[[], datetime],
    ) -> None:
        self.provider = provider
        self._database, self._audit_log, self._sessions = database, audit_log, sessions
        self._opening, self._clock = opening, clock
        self._challenges, self._known, self._key = Challenges(), _Known(provider), secrets.token_bytes(32)
        self._turns = threading.BoundedSemaphore(_AT_ONCE)

    def linked(self, account: str) -> bool:
        """Whether the account is linked to somebody at the provider."""
        with self._database.read() as transaction:
            return links.linked(transaction, account, self.provider.issuer)

    def asked(self, purpose: Purpose, bound: str, address: str) -> str:
        """Where to send a browser (``bound`` is a secret of it); :class:`Denied`, an event, if that is not known."""
        from authlib.oauth2.rfc7636 import create_s256_code_challenge

        started = str(int(self._clock().timestamp()))
        challenge = base64.urlsafe_b64encode(self._challenges.new(purpose, f"{started} {bound}")).decode().rstrip("=")
        state = f"{started}.{challenge}"
        fresh = {"prompt": "login", "max_age": "0"} if purpose is Purpose.PROVE else {"max_age": str(_oldest())}
        query = {
            "response_type": "code",
            "scope": "openid",
            "client_id": self.provider.client_id,
            "redirect_uri": address,
            "state": state,
            "nonce": self._secret("nonce", state, bound),
            "code_challenge": create_s256_code_challenge(self._secret("pkce", state, bound)),
            "code_challenge_method": "S256",
            **fresh,
        }
        try:
            at = self._metadata_address("authorization_endpoint")
        except ProviderRefusal as error:
            raise self._refused(None, error.why) from None
        return f"{at}{'&' if '?' in at else '?'}{urlencode(query)}"

    def sign_in(self, bound: str, address: str, answer: ProviderAnswer, way: str) -> SignedIn:
        """Open a session for who the provider says it is; :class:`Denied`, an event, for whatever is wrong."""
        account, said = self._checked(Purpose.SIGN_IN, bound, address, answer)
        if why := self._opening.closed(account):
            raise self._refused(account, why)
        with self._database.write() as transaction:
            opened = self._opening.open(transaction, account.id, way, (Proof.OIDC,))
            proved_at = min(said.authenticated_at or _LONG_AGO, self._clock())
            self._sessions.prove(transaction, opened.token, proved_at)
        self._audit_log.seal()
        return opened

    def prove(self, session: OpenSession, token: str, address: str, answer: ProviderAnswer) -> OpenSession:
        """Prove again, by the provider, who the person of a running session is."""
        account, _said = self._checked(Purpose.PROVE, token, address, answer)
        if account.id != session.account.id:
            raise self._refused(session.account, "somebody else at the provider")
        with self._database.write() as transaction:
            self._opening.proved(transaction, token, session, (Proof.OIDC,))
        return replace(session, proved_at=self._clock())

    def _checked(
        self, purpose: Purpose, bound: str, address: str, answer: ProviderAnswer
    ) -> tuple[Account, ProviderSubject]:
        try:
            started = self._taken(purpose, bound, answer)
            said = self._said(bound, address, answer)
            _refuse_stale(purpose, said, started)
        except ProviderRefusal as error:
            raise self._refused(None, error.why) from None
        with self._database.read() as transaction:
            named = links.owner(transaction, self.provider.issuer, said.subject)
            account = account_in(transaction, named) if named is not None else None
        if account is None:
            raise self._refused(None, "somebody at the provider who is linked to no account")
        return account, said

    def _taken(self, purpose: Purpose, bound: str, answer: ProviderAnswer) -> datetime:
        """When the attempt began that the answer is to; it is used up, whatever comes of it."""
        started, _, challenge = answer.state.partition(".")
        try:
            text = base64.urlsafe_b64decode(challenge.encode() + b"==")
        except ValueError:
            text = b""
        if not self._challenges.take(purpose, f"{started} {bound}", text):
            raise ProviderRefusal("an answer of a provider that is old, used or not of this browser")
        return datetime.fromtimestamp(int(started), UTC)

    def _said(self, bound: str, address: str, answer: ProviderAnswer) -> ProviderSubject:
        """Who the provider says it is, for a code that the browser brought."""
        if answer.error or not answer.code:
            raise ProviderRefusal("a provider that let nobody in")
        if not self._turns.acquire(timeout=_WAIT):
            raise ProviderRefusal("too many attempts at once")
        try:
            says_issuer = self._known.metadata().get("authorization_response_iss_parameter_supported") is True
            if (answer.issuer or says_issuer) and answer.issuer != self.provider.issuer:
                raise ProviderRefusal("an answer of another provider")
            given = self._exchanged(answer.code, address, self._secret("pkce", answer.state, bound))
            nonce, access = self._secret("nonce", answer.state, bound), str(given.get("access_token") or "")
            wanted = TokenWanted(self.provider.issuer, self.provider.client_id, nonce, access, self._clock())
            token = str(given.get("id_token") or "")
            try:
                return id_tokens.read(token, self._known.keys(), wanted)
            except NoKeyFits:  # the provider may have changed them
                return id_tokens.read(token, self._known.keys(anew=True), wanted)
        finally:
            self._turns.release()

    def _exchanged(self, code: str, address: str, verifier: str) -> dict[str, object]:
        """What the provider gives for a code; the shared secret proves which program asks, where there is one."""
        from authlib.oauth2.auth import ClientAuth
        from authlib.oauth2.rfc6749.parameters import prepare_token_request

        try:
            secret = self.provider.secret()
        except LibraryError:
            raise ProviderRefusal("a secret of the provider that cannot be used") from None
        ways = self._known.metadata().get("token_endpoint_auth_methods_supported")
        post = isinstance(ways, list) and "client_secret_post" in ways and "client_secret_basic" not in ways
        way = ("client_secret_post" if post else "client_secret_basic") if secret else "none"
        at, headers = self._known.address("token_endpoint"), dict[str, str]()
        body = prepare_token_request("authorization_code", redirect_uri=address, code=code, code_verifier=verifier)
        _, headers, body = ClientAuth(self.provider.client_id, secret, way).prepare("POST", at, headers, body)
        return self.provider.asked(at, body, headers)

    def _metadata_address(self, name: str) -> str:
        if not self._turns.acquire(timeout=_WAIT):
            raise ProviderRefusal("too many attempts at once")
        try:
            return self.provider.safe(self._known.address(name))
        finally:
            self._turns.release()

    def _secret(self, what: str, state: str, bound: str) -> str:
        """A secret of one attempt, 256 bits in base64url."""
        message = "\0".join((what, state, bound)).encode()
        made = hmac.new(self._key, message, hashlib.sha256).digest()
        return base64.urlsafe_b64encode(made).decode().rstrip("=")

    def _refused(self, account: Account | None, why: str) -> Denied:
        """Write down why nobody is let in; what they are told, which is the same whatever was wrong."""
        self._opening.failed(account, why)
        return Denied(
            "signing in by the provider did not work",
            "Try again; if it goes on, ask your administrator whether your account is linked to the provider",
        )


def _oldest() -> int:
    """Seconds since which the person has to have proved at the provider who they are, to sign in."""
    return int(LONGEST.total_seconds())


def _refuse_stale(purpose: Purpose, said: ProviderSubject, started: datetime) -> None:
    """Refuse who did not prove lately enough who they are: since the attempt began, for what needs a fresh proof."""
    oldest = started - timedelta(seconds=SKEW + (_oldest() if purpose is Purpose.SIGN_IN else 0))
    if said.authenticated_at is None and purpose is Purpose.SIGN_IN:
        return
    if said.authenticated_at is None or said.authenticated_at < oldest:
        raise ProviderRefusal("a provider that did not ask anew who the person is")
