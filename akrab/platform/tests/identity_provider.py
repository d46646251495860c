"""A small OpenID Connect provider on loopback: discovery, authorization code with PKCE, signed tokens, published keys."""

from __future__ import annotations

import json
import secrets
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "akrab", "only-the-provider-and-akrab-know"


@cache
def key(number: int) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


class Provider(ThreadingHTTPServer):
    """Whoever comes to `/authorize` is `person`, at once; tests change `person`, `audience` and `signing_key`."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.person: dict[str, Any] = {
            "sub": "7001", "email": "rina@toko.example", "email_verified": True, "name": "Rina Wijaya",
        }  # fmt: skip
        self.audience, self.signing_key = CLIENT, 1
        self.granted: dict[str, dict[str, str]] = {}

    def grant(self, asked: dict[str, str]) -> str:
        code = secrets.token_urlsafe(12)
        self.granted[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def exchange(self, given: dict[str, str]) -> dict[str, Any] | None:
        asked = self.granted.pop(given["code"], None)
        if asked is None or (given.get("client_id"), given.get("client_secret")) != (CLIENT, SECRET):
            return None
        proof = urlsafe_b64encode(sha256(given["code_verifier"].encode()).digest()).rstrip(b"=").decode()
        if (proof, "S256") != (asked["code_challenge"], asked["code_challenge_method"]):
            return None
        if given["redirect_uri"] != asked["redirect_uri"]:
            return None
        now = int(time.time())
        claims = {"iss": self.url, "aud": self.audience, "iat": now, "exp": now + 60, **self.person}
        token = jwt.encode(claims, key(self.signing_key), algorithm="RS256", headers={"kid": "1"})
        return {"access_token": secrets.token_urlsafe(12), "token_type": "Bearer", "expires_in": 60, "id_token": token}


class Handler(BaseHTTPRequestHandler):
    server: Provider

    def do_GET(self) -> None:
        parts, url = urlsplit(self.path), self.server.url
        if parts.path == "/.well-known/openid-configuration":
            methods = ["client_secret_post"]
            self.say(
                {
                    "issuer": url, "authorization_endpoint": f"{url}/authorize", "token_endpoint": f"{url}/token",
                    "userinfo_endpoint": f"{url}/person", "jwks_uri": f"{url}/keys",
                    "token_endpoint_auth_methods_supported": methods,
                }
            )  # fmt: skip
        elif parts.path == "/keys":
            published = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key(1).public_key()))
            self.say({"keys": [{**published, "kid": "1", "alg": "RS256", "use": "sig"}]})
        elif parts.path == "/authorize":
            self.send_response(302)
            self.send_header("Location", self.server.grant(flat(parts.query)))
            self.end_headers()
        else:
            self.say({}, 404)

    def do_POST(self) -> None:
        given = flat(self.rfile.read(int(self.headers["Content-Length"])).decode())
        tokens = self.server.exchange(given)
        self.say(tokens or {"error": "invalid_grant"}, 200 if tokens else 400)

    def say(self, words: dict[str, Any], status: int = 200) -> None:
        body = json.dumps(words).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        """Quiet."""


def flat(query: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(query).items()}


@contextmanager
def running() -> Iterator[Provider]:
    with Provider() as provider:
        Thread(target=provider.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield provider
        provider.shutdown()
