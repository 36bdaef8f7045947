"""Authlib's server in Flask: as by default, where a refresh token serves for ever; or with tokens that serve once."""

# pyright: basic
from __future__ import annotations

import os
import sys
import time
from dataclasses import dataclass, field
from typing import Any
from wsgiref.simple_server import make_server

from authlib.integrations.flask_oauth2 import AuthorizationServer, ResourceProtector, current_token
from authlib.oauth2.rfc6749 import ClientMixin, TokenMixin
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant, RefreshTokenGrant
from authlib.oauth2.rfc6750 import BearerTokenValidator
from flask import Flask, jsonify

from authorization_servers.parties import CLIENT_ID, CLIENT_SECRET, PATIENT, REDIRECT_URI, SCOPE, Quiet, announce


class Client(ClientMixin):
    """The one client."""

    client_id = CLIENT_ID

    def get_client_id(self):
        return CLIENT_ID

    def get_default_redirect_uri(self):
        return REDIRECT_URI

    def get_allowed_scope(self, scope):
        return scope if scope == SCOPE else ""

    def check_redirect_uri(self, redirect_uri):
        return redirect_uri == REDIRECT_URI

    def check_client_secret(self, client_secret):
        return client_secret == CLIENT_SECRET

    def check_endpoint_auth_method(self, method, endpoint):
        return method == "client_secret_post"

    def check_response_type(self, response_type):
        return response_type == "code"

    def check_grant_type(self, grant_type):
        return grant_type in {"authorization_code", "refresh_token"}


@dataclass
class Code:
    """A code that was issued."""

    redirect_uri: str

    def get_redirect_uri(self):
        return self.redirect_uri

    def get_scope(self):
        return SCOPE


@dataclass
class Token(TokenMixin):
    """A pair of tokens that was issued."""

    access_token: str
    expires_in: int
    refresh_token: str | None
    issued_at: float = field(default_factory=time.time)
    revoked: bool = False
    spent: bool = False

    def check_client(self, client):
        return True

    def get_scope(self):
        return SCOPE

    def get_expires_in(self):
        return self.expires_in

    def is_expired(self):
        return time.time() > self.issued_at + self.expires_in

    def is_revoked(self):
        return self.revoked

    def get_user(self):
        return PATIENT

    def get_client(self):
        return Client()


CODES: dict[str, Code] = {}
TOKENS: list[Token] = []


class CodeGrant(AuthorizationCodeGrant):
    """Codes that serve once."""

    TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_post",)

    def save_authorization_code(self, code, request):
        CODES[code] = Code(request.payload.redirect_uri)  # pyright: ignore[reportOptionalMemberAccess]

    def query_authorization_code(self, code, client):
        return CODES.get(code)

    def delete_authorization_code(self, authorization_code):
        for code in [code for code, kept in CODES.items() if kept is authorization_code]:
            del CODES[code]

    def authenticate_user(self, authorization_code):
        return PATIENT


class LastingRefresh(RefreshTokenGrant):
    """Refresh tokens as they are by default: they serve again and again, and no new one is given."""

    TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_post",)

    def authenticate_refresh_token(self, refresh_token):
        found = [token for token in TOKENS if token.refresh_token == refresh_token]
        return found[0] if found and not found[0].revoked else None

    def authenticate_user(self, refresh_token):
        return PATIENT

    def revoke_old_credential(self, refresh_token):
        """Keep it."""


class RefreshOnce(LastingRefresh):
    """Refresh tokens that serve once: who presents one again ends all that came of it."""

    INCLUDE_NEW_REFRESH_TOKEN = True

    def authenticate_refresh_token(self, refresh_token):
        found = super().authenticate_refresh_token(refresh_token)
        if found and found.spent:
            for token in TOKENS:
                token.revoked = True
            return None
        return found

    def revoke_old_credential(self, refresh_token):
        refresh_token.spent = True


class Validator(BearerTokenValidator):
    """Says which access tokens serve."""

    def authenticate_token(self, token_string):
        found = [token for token in TOKENS if token.access_token == token_string]
        return found[0] if found else None


def save_token(token, request):
    TOKENS.append(Token(token["access_token"], token["expires_in"], token.get("refresh_token")))


def application(mode: str) -> Flask:
    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
    app = Flask(__name__)
    # Where nothing is said, Authlib gives no refresh token at all.
    app.config["OAUTH2_REFRESH_TOKEN_GENERATOR"] = True
    server = AuthorizationServer(app, query_client=lambda _: Client(), save_token=save_token)
    server.register_grant(CodeGrant)
    server.register_grant(RefreshOnce if mode == "detecting" else LastingRefresh)
    protector = ResourceProtector()
    protector.register_token_validator(Validator())

    @app.get("/authorize")
    def authorize() -> Any:
        grant = server.get_consent_grant(end_user=PATIENT)
        return server.create_authorization_response(grant_user=PATIENT, grant=grant)

    @app.post("/token")
    def token() -> Any:
        return server.create_token_response()

    @app.get("/whoami")
    @protector()
    def whoami():
        return jsonify(patient=current_token.get_user())

    return app


def main() -> None:
    """Serve until somebody ends it."""
    with make_server("127.0.0.1", 0, application(sys.argv[1]), handler_class=Quiet) as server:
        announce(server.server_port)
        server.serve_forever()


if __name__ == "__main__":
    main()
