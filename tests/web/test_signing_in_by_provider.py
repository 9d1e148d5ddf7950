"""People sign in by their agency's provider; whatever it or the browser brings that is not as asked opens nothing."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import oidc_provider_mock
import pytest
from httpx import post
from joserfc.jwk import ECKey, OKPKey, RSAKey
from starlette.testclient import TestClient

from bodyworn.access.sessions import DenialTally
from bodyworn.bootstrap import Library, open_library
from bodyworn.domain.agency_role import AgencyRole
from bodyworn.domain.errors import Conflict, InputError, LibraryError
from bodyworn.domain.event import Event
from bodyworn.domain.progress import no_progress
from bodyworn.settings import Settings
from tests.makers.lying_provider import Claims, LyingProvider, lying_provider
from tests.web.agency import SESSION, SITE, Agency

BACK = "/sign-in/oidc/back"
REFUSED = "Signing in by the provider did not work."
NAVIGATION = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}


@pytest.fixture(scope="module")
def running() -> Iterator[LyingProvider]:
    with lying_provider() as provider:
        yield provider


@pytest.fixture
def provider(running: LyingProvider) -> LyingProvider:
    """One that says the truth, until a test has it lie."""
    running.tell_the_truth()
    return running


@pytest.fixture(scope="module")
def linked(tmp_path_factory: pytest.TempPathFactory, running: LyingProvider) -> Iterator[Agency]:
    with library_of(tmp_path_factory.mktemp("agency"), running.issuer) as library:
        agency = Agency(library)
        agency.add("bo", AgencyRole.REVIEWER)
        link(agency, "bo", running.subject)
        yield agency


@pytest.fixture
def agency(linked: Agency) -> Agency:
    """Bo, who is linked to the provider's subject, and the administrator, who is not; no denial is held back."""
    linked.library.sign_in._opening._denials = DenialTally()
    return linked


def library_of(folder: Path, issuer: str, secret_file: str = "") -> Library:
    chosen = Settings(
        oidc_issuer=issuer, oidc_client_id="bodyworn", oidc_name="Pine County", oidc_secret_file=secret_file
    )
    return open_library(folder / "library", create=True, source="web", settings=chosen)


def link(agency: Agency, login: str, subject: str) -> None:
    people = agency.administrator().people
    people.link(people.get(login), subject, "hired")


def start(browser: TestClient, path: str = "/sign-in/oidc") -> str:
    """Where the browser is sent to."""
    answer = browser.get(path)
    assert answer.status_code == 303
    return answer.headers["location"]


def comes_back(browser: TestClient, provider: LyingProvider, **also: str) -> tuple[int, str]:
    """The whole way; the status of the answer, and where it leads to or what it says."""
    answer = browser.get(f"{BACK}?{provider.visit(start(browser), **also)}", headers=NAVIGATION)
    return answer.status_code, answer.headers.get("location", answer.text)


def denials(agency: Agency) -> list[Event]:
    return [one for one in agency.library.audit_log.newest(20) if one.tag == "access.denied"]


def test_a_person_signs_in_and_goes_on_where_they_wanted(agency: Agency, provider: LyingProvider) -> None:
    browser = agency.browser()
    assert "Sign in with Pine County" in browser.get("/sign-in?next=/encounters/").text
    address = start(browser, "/sign-in/oidc?next=/encounters/")
    assert address.startswith(f"{provider.issuer}/authorization_endpoint?response_type=code&scope=openid")
    assert "code_challenge_method=S256" in address
    answer = browser.get(f"{BACK}?{provider.visit(address)}", headers=NAVIGATION)
    assert (answer.status_code, answer.headers["location"]) == (303, "/encounters/")
    assert "content-security-policy" in answer.headers
    assert browser.cookies[SESSION] != agency.people["bo"].first.token
    assert "Pine County" in browser.get("/account").text
    opened = next(one for one in agency.library.audit_log.newest(9) if one.tag == "session.opened")
    assert (opened.detail["proofs"], opened.actor) == (["oidc"], "account:bo")
    assert agency.administrator().verify(no_progress).holds


@pytest.mark.parametrize(
    ("algorithm", "key"),
    [
        ("PS256", RSAKey.generate_key(2048, {"kid": "one"})),
        ("ES256", ECKey.generate_key("P-256", {"kid": "one"})),
        ("Ed25519", OKPKey.generate_key("Ed25519", {"kid": "one"})),
    ],
)
def test_providers_sign_in_several_ways(
    agency: Agency, provider: LyingProvider, algorithm: str, key: RSAKey | ECKey | OKPKey
) -> None:
    provider.algorithm, provider.key = algorithm, key
    assert comes_back(agency.browser(), provider)[0] == 303


LIES: dict[str, tuple[Callable[[Claims], Claims], str]] = {
    "for another program": (lambda told: {**told, "aud": "another"}, "aud"),
    "for several, and made for another": (lambda told: {**told, "aud": ["bodyworn", "b"], "azp": "b"}, "azp"),
    "for several, and nobody says which": (lambda told: {**told, "aud": ["bodyworn", "b"]}, "azp"),
    "of another issuer": (lambda told: {**told, "iss": "https://evil.example"}, "iss"),
    "expired": (lambda told: {**told, "exp": time.time() - 61}, "exp"),
    "issued in the future": (lambda told: {**told, "iat": int(time.time()) + 600}, "iat"),
    "not yet valid": (lambda told: {**told, "nbf": int(time.time()) + 600}, "nbf"),
    "of another attempt": (lambda told: {**told, "nonce": "another"}, "nonce"),
    "without a nonce": (lambda told: {name: told[name] for name in told if name != "nonce"}, "nonce"),
    "without an end": (lambda told: {name: told[name] for name in told if name != "exp"}, "exp"),
    "of nobody": (lambda told: {**told, "sub": ""}, "names nobody"),
    "proved too long ago": (lambda told: {**told, "auth_time": int(time.time()) - 90_000}, "anew"),
    "without a number": (lambda told: {**told, "exp": float("nan")}, "cannot be read"),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_token_that_is_not_for_this_attempt_is_refused_and_recorded(
    agency: Agency, provider: LyingProvider, lie: str
) -> None:
    provider.claims, why = LIES[lie]
    browser = agency.browser()
    status, text = comes_back(browser, provider)
    assert (status, REFUSED in text) == (401, True)
    assert SESSION not in browser.cookies
    denied = denials(agency)[0]
    assert why in str(denied.detail["why"])


@pytest.mark.parametrize("forgery", ["none", "HS256", "another key"])
def test_a_token_that_the_provider_did_not_sign_is_refused_and_recorded(
    agency: Agency, provider: LyingProvider, forgery: str
) -> None:
    if forgery == "another key":
        provider.signer = RSAKey.generate_key(2048, {"kid": "one"})
    else:
        provider.algorithm = forgery
    status, text = comes_back(agency.browser(), provider)
    assert (status, REFUSED in text) == (401, True)
    denied = denials(agency)[0]
    assert "sign" in str(denied.detail["why"])


def test_a_key_that_was_changed_is_asked_for_once_more(agency: Agency, provider: LyingProvider) -> None:
    assert comes_back(agency.browser(), provider)[0] == 303
    provider.key = RSAKey.generate_key(2048, {"kid": "one"})
    provider.asked.clear()
    assert comes_back(agency.browser(), provider)[0] == 303
    provider.signer = RSAKey.generate_key(2048, {"kid": "two"})
    assert comes_back(agency.browser(), provider)[0] == 401
    assert provider.asked.count("/jwks_uri") == 2


def test_an_answer_counts_once_and_in_the_browser_that_was_sent(agency: Agency, provider: LyingProvider) -> None:
    browser, other = agency.browser(), agency.browser()
    first, second = (provider.visit(start(one)) for one in (browser, other))
    for query in (second, first.replace("state=", "state=1"), first.split("&")[0]):
        assert browser.get(f"{BACK}?{query}").status_code == 401
    assert agency.browser().get(f"{BACK}?{first}").status_code == 401
    assert browser.get(f"{BACK}?{first}").status_code == 303
    browser.cookies.delete(SESSION)
    assert browser.get(f"{BACK}?{first}").status_code == 401


def test_who_is_linked_to_no_account_is_refused_and_recorded(agency: Agency, provider: LyingProvider) -> None:
    provider.subject = "somebody-else"
    provider.claims = lambda told: {**told, "email": "bo@example.org", "preferred_username": "bo", "name": "Bo Long"}
    assert comes_back(agency.browser(), provider)[0] == 401
    denied = denials(agency)[0]
    assert "linked to no account" in str(denied.detail["why"])


def test_a_provider_that_says_no_or_nothing_is_refused(agency: Agency, provider: LyingProvider) -> None:
    browser = agency.browser()
    assert comes_back(browser, provider, error="access_denied")[0] == 401
    assert comes_back(browser, provider, iss="https://evil.example")[0] == 401
    for answer in ((500, b"{}"), (302, b"http://127.0.0.1:1/"), (200, b"[]"), (200, b"{}"), (200, b" " * 300_000)):
        provider.token_answer = answer
        assert comes_back(browser, provider)[0] == 401


def test_a_provider_that_names_another_or_an_address_without_tls_is_not_asked(
    tmp_path: Path, provider: LyingProvider
) -> None:
    with library_of(tmp_path, provider.issuer) as library:
        agency = Agency(library)
        for lie in ({"issuer": "https://evil.example"}, {"authorization_endpoint": "http://evil.example/"}):
            provider.metadata = dict(lie)
            answer = agency.browser().get("/sign-in/oidc")
            assert (answer.status_code, REFUSED in answer.text) == (401, True)
            library.sign_in.oidc._known._metadata = {}  # type: ignore[union-attr]


def test_proving_again_needs_a_person_who_was_asked_anew(agency: Agency, provider: LyingProvider) -> None:
    browser = agency.signed_in("bo")
    assert "Prove it with Pine County" in browser.get("/prove").text
    assert "Prove it with" not in agency.signed_in("ada").get("/prove").text
    agency.proved_long_ago("bo")
    truth = provider.claims
    for said in (int(time.time()) - 120, None):
        provider.claims = lambda told, said=said: {**told, "auth_time": said}  # type: ignore[misc]
        address = start(browser, "/prove/oidc?next=/account")
        assert "prompt=login&max_age=0" in address
        assert browser.get(f"{BACK}?{provider.visit(address)}", headers=NAVIGATION).status_code == 401
    provider.claims = truth
    answer = browser.get(f"{BACK}?{provider.visit(start(browser, '/prove/oidc?next=/account'))}", headers=NAVIGATION)
    assert (answer.status_code, answer.headers["location"]) == (303, "/account")
    assert agency.library.audit_log.newest(1)[0].tag == "session.proved"
    ada = agency.signed_in("ada")
    assert ada.get(f"{BACK}?{provider.visit(start(ada, '/prove/oidc'))}", headers=NAVIGATION).status_code == 401


def test_an_old_sign_in_at_the_provider_is_no_fresh_proof(agency: Agency, provider: LyingProvider) -> None:
    provider.claims = lambda told: {**told, "auth_time": int(time.time()) - 3600}
    browser = agency.browser()
    assert comes_back(browser, provider)[0] == 303
    answer = browser.get("/account/passkeys/new")
    assert answer.headers["location"].startswith("/prove")


def test_only_a_navigation_comes_back_from_another_site(agency: Agency, provider: LyingProvider) -> None:
    browser = agency.browser()
    query = provider.visit(start(browser))
    for headers in ({"sec-fetch-site": "cross-site", "sec-fetch-mode": "cors"}, {"sec-fetch-site": "cross-site"}):
        assert browser.get(f"{BACK}?{query}", headers=headers).status_code == 403
    sent = browser.post(f"{BACK}?{query}", headers={**NAVIGATION, "origin": provider.issuer})
    assert sent.status_code == 403
    assert browser.get("/sign-in/oidc", headers=NAVIGATION).headers["location"] == "/sign-in"
    assert browser.get(f"{BACK}?{query}", headers=NAVIGATION).status_code == 303


def test_a_link_is_one_and_what_was_unlinked_opens_nothing(agency: Agency, provider: LyingProvider) -> None:
    provider.subject = "of-cy"
    agency.add("cy", AgencyRole.REVIEWER)
    link(agency, "cy", provider.subject)
    people = agency.administrator().people
    for login, subject in (("ada", provider.subject), ("cy", "another")):
        with pytest.raises(Conflict):
            people.link(people.get(login), subject, "why")
    browser = agency.browser()
    assert comes_back(browser, provider)[0] == 303
    people.unlink(people.get("cy"), "left")
    assert browser.get("/account").headers["location"].startswith("/sign-in")
    assert comes_back(agency.browser(), provider)[0] == 401
    with pytest.raises(Conflict):
        people.unlink(people.get("cy"), "left")
    people.disable(people.get("cy"), "left")
    people.link(people.get("cy"), provider.subject, "by mistake")
    assert comes_back(agency.browser(), provider)[0] == 401
    assert str(denials(agency)[0].detail["why"]) == "the account is disabled"


def test_a_shared_secret_is_read_from_a_file_that_nobody_else_can_read(tmp_path: Path, provider: LyingProvider) -> None:
    secret = tmp_path / "secret"
    secret.write_text("violet\n")
    secret.chmod(0o640)
    provider.secret = "violet"
    with library_of(tmp_path, provider.issuer, secret_file=str(secret)) as library:
        agency = Agency(library)
        link(agency, "ada", provider.subject)
        assert library.sign_in.oidc is not None
        with pytest.raises(LibraryError, match="others can read"):
            library.sign_in.oidc.provider.check()
        assert comes_back(agency.browser(), provider)[0] == 401
        secret.chmod(0o600)
        library.sign_in.oidc.provider.check()
        assert comes_back(agency.browser(), provider)[0] == 303


@pytest.mark.parametrize("issuer", ["http://idp.example", "ftp://idp.example", "idp.example", "https://"])
def test_a_provider_without_tls_is_no_provider(tmp_path: Path, issuer: str) -> None:
    with library_of(tmp_path, issuer) as library:
        assert library.sign_in.oidc is not None
        with pytest.raises(LibraryError, match="oidc_issuer"):
            library.sign_in.oidc.provider.check()


def test_without_a_provider_there_is_nothing_to_link_or_sign_in_by(tmp_path: Path) -> None:
    with open_library(tmp_path / "library", create=True, source="web") as library:
        agency = Agency(library)
        with pytest.raises(InputError, match="no provider"):
            link(agency, "ada", "248289761001")
        assert "/sign-in/oidc" not in agency.browser().get("/sign-in").text
        for page in ("/sign-in/oidc", BACK):
            assert agency.browser().get(page).status_code == 404


def test_a_provider_that_others_wrote_lets_in_who_is_linked(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("violet")
    secret.chmod(0o600)
    with (
        oidc_provider_mock.run_server_in_thread() as server,
        library_of(tmp_path, f"http://localhost:{server.server_port}", secret_file=str(secret)) as library,
    ):
        agency = Agency(library)
        link(agency, "ada", "ada@pine.example")
        for subject, status in (("ada@pine.example", 303), ("eve@pine.example", 401)):
            browser = agency.browser()
            back = post(start(browser), data={"sub": subject}).headers["location"]
            assert back.startswith(f"{SITE.origin}{BACK}?")
            answer = browser.get(back, headers=NAVIGATION)
            assert answer.status_code == status, denials(agency)
