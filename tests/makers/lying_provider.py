"""A provider of sign-in (OpenID Connect) on this machine that says what a test has it say, the truth or a lie."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from joserfc import jws
from joserfc.jwk import ECKey, OKPKey, RSAKey

Claims = dict[str, object]


@dataclass
class LyingProvider:
    """``claims`` changes what a token says, ``algorithm`` and ``signer`` how it is signed; ``subject`` signs in."""

    issuer: str = ""
    subject: str = "248289761001"
    client: str = "bodyworn"
    secret: str = ""
    algorithm: str = "RS256"
    claims: Callable[[Claims], Claims] = dict
    key: RSAKey | ECKey | OKPKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    signer: RSAKey | ECKey | OKPKey | None = None
    metadata: dict[str, object] = field(default_factory=dict)
    token_answer: tuple[int, bytes] | None = None
    asked: list[str] = field(default_factory=list)
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def tell_the_truth(self) -> None:
        """Forget all that a test had it say."""
        fresh = LyingProvider(self.issuer, key=RSAKey.generate_key(2048, {"kid": "one"}))
        self.__dict__.update(fresh.__dict__)

    def visit(self, address: str, **also: str) -> str:
        """A person signs in at the address that a browser was sent to; the query to come back with."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        code = f"code-{len(self._codes)}"
        self._codes[code] = query
        return "&".join(f"{name}={value}" for name, value in {"code": code, "state": query["state"], **also}.items())

    def describe(self) -> dict[str, object]:
        addresses = {name: f"{self.issuer}/{name}" for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")}
        return {"issuer": self.issuer, **addresses, **self.metadata}

    def keys(self) -> dict[str, object]:
        return {"keys": [self.key.as_dict(private=False), {"kty": "oct", "k": "c2VjcmV0", "kid": "one"}, {"kty": "?"}]}

    def token(self, form: Mapping[str, str], authorization: str) -> tuple[int, bytes]:
        """What a code is exchanged for: once, by who has the PKCE secret and, where there is one, the client's."""
        if self.token_answer is not None:
            return self.token_answer
        query = self._codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        basic = base64.b64encode(f"{self.client}:{self.secret}".encode()).decode()
        proved = authorization == f"Basic {basic}" if self.secret else form.get("client_id") == self.client
        pkce = query and query["code_challenge"] == base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if query is None or not proved or not pkce or form.get("redirect_uri") != query["redirect_uri"]:
            return 400, b'{"error": "invalid_grant"}'
        now = int(time.time())
        claims: Claims = {"iss": self.issuer, "sub": self.subject, "aud": self.client, "nonce": query["nonce"]}
        claims |= {"iat": now, "exp": now + 300, "auth_time": now}
        text = self.signed(self.claims(claims))
        return 200, json.dumps({"access_token": "a", "token_type": "Bearer", "id_token": text}).encode()

    def signed(self, claims: Claims) -> str:
        header = {"alg": self.algorithm, "kid": "one"}
        payload = json.dumps(claims).encode()
        if self.algorithm in ("none", "HS256"):  # HS256 with what everybody has, the public key, as the shared secret
            start = f"{_base64(json.dumps(header).encode())}.{_base64(payload)}"
            code = hmac.digest(self.key.as_pem(private=False), start.encode(), "sha256")
            return f"{start}.{_base64(code) if self.algorithm == 'HS256' else ''}"
        return jws.serialize_compact(header, payload, self.signer or self.key, algorithms=[self.algorithm])


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


class _Answers(BaseHTTPRequestHandler):
    provider: LyingProvider

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        self.provider.asked.append(path)
        found = {"/.well-known/openid-configuration": self.provider.describe, "/jwks_uri": self.provider.keys}.get(path)
        if found is None:
            self._give(404, b"{}")
        else:
            self._give(200, json.dumps(found()).encode())

    def do_POST(self) -> None:
        self.provider.asked.append(self.path)
        text = self.rfile.read(int(self.headers["content-length"])).decode()
        form = {name: values[0] for name, values in parse_qs(text).items()}
        self._give(*self.provider.token(form, self.headers.get("authorization", "")))

    def _give(self, status: int, data: bytes) -> None:
        self.send_response(status)
        if status == 302:
            self.send_header("location", data.decode())
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def lying_provider() -> Iterator[LyingProvider]:
    """It runs for as long as the block does."""
    provider = LyingProvider()
    handler = type("Answers", (_Answers,), {"provider": provider})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        provider.issuer = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield provider
        server.shutdown()
        thread.join()
