"""An OpenID Connect provider on this machine that lets one person in: what a login is tried against."""

import base64
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "workbench", "a secret of the test"


@contextmanager
def provider(email: str) -> Iterator[str]:
    """Give the address of the metadata of a provider at which everybody is the person of that address."""
    key = RSAKey.generate_key(2048, parameters={"kid": "1"})
    nonces: dict[str, str] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = urlsplit(self.path)
            words = {name: values[0] for name, values in parse_qs(asked.query).items()}
            if asked.path == "/.well-known/openid-configuration":
                self._answer(_metadata(address))
            elif asked.path == "/keys":
                self._answer({"keys": [{**key.as_dict(private=False), "use": "sig", "alg": "RS256"}]})
            elif asked.path == "/authorize" and words["client_id"] == CLIENT:
                nonces["code"] = words.get("nonce", "")
                self.send_response(302)
                back = urlencode({"code": "code", "state": words["state"]})
                self.send_header("Location", f"{words['redirect_uri']}?{back}")
                self.end_headers()
            else:
                self.send_error(404)

        def do_POST(self) -> None:
            body = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            given = self.headers.get("Authorization", "").removeprefix("Basic ")
            basic = base64.b64decode(given).decode() if given else ""
            if f"{CLIENT}:{SECRET}" != basic and body.get("client_secret") != [SECRET]:
                self.send_error(401)
                return
            now = int(time.time())
            claims = {
                "iss": address,
                "sub": "1",
                "aud": CLIENT,
                "iat": now,
                "exp": now + 600,
                "nonce": nonces["code"],
                "email": email,
                "email_verified": True,
            }
            token = jwt.encode({"alg": "RS256", "kid": "1"}, claims, key)
            self._answer({"access_token": "a", "token_type": "Bearer", "expires_in": 600, "id_token": token})

        def _answer(self, tree: object) -> None:
            content = json.dumps(tree).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing: the test reads answers, not logs."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    address = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"{address}/.well-known/openid-configuration"
    finally:
        server.shutdown()
        server.server_close()


def _metadata(address: str) -> dict[str, object]:
    return {
        "issuer": address,
        "authorization_endpoint": f"{address}/authorize",
        "token_endpoint": f"{address}/token",
        "jwks_uri": f"{address}/keys",
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
    }
