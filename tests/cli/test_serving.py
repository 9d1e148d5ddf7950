"""Where ``serve`` may listen and by which names: what is refused, with the sentence that helps."""

from __future__ import annotations

import re
import ssl
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from bodyworn.cli.serving import Place, site_of
from bodyworn.domain.agency_role import AgencyRole
from bodyworn.domain.errors import Denied, InputError
from tests.makers.certificates import certified

LOOPBACK, OUTSIDE = ["127.0.0.1", "127.0.0.9", "::1", "localhost"], ["0.0.0.0", "::", "192.168.1.4", "example.org", ""]


@pytest.mark.parametrize("host", LOOPBACK)
@pytest.mark.parametrize("has_accounts", [True, False])
def test_addresses_of_this_machine_are_accepted(host: str, has_accounts: bool) -> None:
    site = site_of(Place(host, 8420), has_accounts=has_accounts)
    assert site.origin == "http://localhost:8420"
    assert not site.secure


@pytest.mark.parametrize("host", OUTSIDE)
def test_without_accounts_addresses_that_others_reach_are_refused(host: str, tmp_path: Path) -> None:
    with pytest.raises(Denied, match="this machine only"):
        site_of(Place(host, 8420), has_accounts=False)
    with pytest.raises(Denied, match="this machine only"):
        site_of(Place(host, 8420, *certified(tmp_path, "bodycam.example")), has_accounts=False)
    with pytest.raises(Denied, match="this machine only"):
        site_of(Place(host, 8420, proxy="https://bodycam.example"), has_accounts=False)


def test_without_accounts_tls_lets_nobody_in_either() -> None:
    with pytest.raises(Denied, match="no accounts"):
        site_of(Place("127.0.0.1", 8420, proxy="https://bodycam.example"), has_accounts=False)


@pytest.mark.parametrize("host", OUTSIDE)
def test_with_accounts_and_without_tls_they_are_refused(host: str) -> None:
    with pytest.raises(Denied, match=r"there is no TLS.*--certificate FILE and --key FILE, or --behind-proxy"):
        site_of(Place(host, 8420), has_accounts=True)


def test_a_certificate_says_the_names(tmp_path: Path) -> None:
    pair = certified(tmp_path, "bodycam.example", "*.example.org", numbers=("10.1.2.3",))
    site = site_of(Place("0.0.0.0", 8443, *pair, names=("Desk.Example",)), has_accounts=True)
    assert site.origin == "https://desk.example:8443"
    assert site.hosts == {"desk.example:8443", "bodycam.example:8443", "10.1.2.3:8443"}
    assert site.origins == {f"https://{host}" for host in site.hosts}
    assert site_of(Place("0.0.0.0", 443, *pair), has_accounts=True).origin == "https://bodycam.example"


def test_passkeys_are_bound_to_the_name_that_people_are_given(tmp_path: Path) -> None:
    pair = certified(tmp_path, "bodycam.example", numbers=("10.1.2.3",))
    site = site_of(Place("0.0.0.0", 8443, *pair), has_accounts=True)
    found = site.passkeys_at("bodycam.example:8443")
    assert found is not None
    assert (found.id, found.origin) == ("bodycam.example", "https://bodycam.example:8443")
    assert site.passkeys_at("10.1.2.3:8443") is None
    local = site_of(Place("127.0.0.1", 8420), has_accounts=True)
    assert local.passkeys_at("127.0.0.1:8420") is None
    at = local.passkeys_at("localhost:8420")
    assert at is not None
    assert at.id == "localhost"


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        ("expired", "is valid from"),
        ("no names", "says no name of this server.*Add --name"),
        ("only a wildcard", "says no name of this server.*Add --name"),
        ("another key", "are not a certificate and its key"),
        ("passphrase", "are not a certificate and its key.*without a passphrase"),
        ("no such file", "cannot be read"),
        ("not a certificate", "are not a certificate and its key"),
    ],
)
def test_a_certificate_that_cannot_be_used_is_said(tmp_path: Path, problem: str, said: str) -> None:
    (tmp_path / "other").mkdir()
    certificate, key = {
        "expired": lambda: certified(tmp_path, "bodycam.example", days=0),
        "no names": lambda: certified(tmp_path),
        "only a wildcard": lambda: certified(tmp_path, "*.example.org"),
        "another key": lambda: (certified(tmp_path, "a.example")[0], certified(tmp_path / "other", "b.example")[1]),
        "passphrase": lambda: certified(tmp_path, "a.example", passphrase=b"secret"),
        "no such file": lambda: (tmp_path / "absent.pem", certified(tmp_path, "a.example")[1]),
        "not a certificate": lambda: (Path(__file__), certified(tmp_path, "a.example")[1]),
    }[problem]()
    with pytest.raises(InputError, match=said):
        site_of(Place("0.0.0.0", 8443, certificate, key), has_accounts=True)


def test_a_certificate_and_its_key_go_together(tmp_path: Path) -> None:
    certificate, key = certified(tmp_path, "bodycam.example")
    for place in (Place("0.0.0.0", 8443, certificate), Place("0.0.0.0", 8443, None, key)):
        with pytest.raises(InputError, match="go together"):
            site_of(place, has_accounts=True)
    with pytest.raises(InputError, match="not by both"):
        site_of(Place("0.0.0.0", 8443, certificate, key, "https://bodycam.example"), has_accounts=True)
    with pytest.raises(InputError, match="names are those of a certificate"):
        site_of(Place("127.0.0.1", 8443, names=("bodycam.example",)), has_accounts=True)


def test_a_proxy_is_its_public_address_and_nothing_else() -> None:
    site = site_of(Place("10.0.0.5", 8420, proxy="https://Bodycam.Example/"), has_accounts=True)
    assert (site.origin, site.hosts) == ("https://bodycam.example", frozenset({"bodycam.example"}))
    assert site.origins == {"https://bodycam.example"}
    other = site_of(Place("127.0.0.1", 8420, proxy="https://bodycam.example:8443"), has_accounts=True)
    assert other.hosts == {"bodycam.example:8443"}


@pytest.mark.parametrize(
    "address",
    [
        "http://bodycam.example",
        "bodycam.example",
        "https://",
        "https://bodycam.example/path",
        "https://ana@bodycam.example",
        "https://bodycam.example?x",
        "https://bodycam.example:port",
        "https://body cam.example",
        "https://*.example",
    ],
)
def test_what_is_no_address_of_a_proxy_is_refused(address: str) -> None:
    with pytest.raises(InputError, match="no address of a proxy"):
        site_of(Place("127.0.0.1", 8420, proxy=address), has_accounts=True)


def test_people_sign_in_over_tls(tmp_path: Path) -> None:
    import socket

    from bodyworn.bootstrap import open_library

    with open_library(tmp_path / "library", create=True) as library:
        library.people.add("ada", "Ada Long", frozenset({AgencyRole.ADMINISTRATOR}), ["*"])
    certificate, key = certified(tmp_path, "localhost")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-c", "from bodyworn.cli import main; main()", "serve", "--no-open", "--port", str(port)]
    command += ["--library", str(tmp_path / "library"), "--certificate", str(certificate), "--key", str(key)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        told = "".join(iter(process.stdout.readline, "Stop with Ctrl+C.\n"))
        assert re.search(rf"People sign in with their accounts here:\n\n    https://localhost:{port}\n", told)
        assert "token" not in told
        trusted = ssl.create_default_context(cafile=str(certificate))
        transport = httpx.HTTPTransport(retries=5, verify=trusted)
        with httpx.Client(transport=transport, timeout=60, headers={"accept": "text/html"}) as client:
            answer = client.get(f"https://localhost:{port}/recordings/")
            assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
            assert "max-age" in answer.headers["strict-transport-security"]
            assert "Before you sign in" in client.get(f"https://localhost:{port}/sign-in").text
            assert client.get(f"https://127.0.0.1:{port}/", extensions={"sni_hostname": "localhost"}).status_code == 421
    finally:
        process.kill()
        process.communicate()
