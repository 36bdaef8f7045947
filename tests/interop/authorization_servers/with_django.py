"""django-oauth-toolkit as it is by default, or with its protection against reuse of refresh tokens."""

# pyright: basic
from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from wsgiref.simple_server import make_server

import django
from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse

from authorization_servers.parties import CLIENT_ID, CLIENT_SECRET, PATIENT, REDIRECT_URI, SCOPE, Quiet, announce


class PatientIsLoggedIn:
    """The patient is whoever opens a page."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer as if the patient had logged in."""
        from django.contrib.auth.models import User

        if request.path == "/authorize":
            request.user = User.objects.get(username=PATIENT)  # pyright: ignore[reportAttributeAccessIssue]
        return self.get_response(request)


def configure(folder: Path, mode: str) -> None:
    """Set Django up with what the toolkit needs, and nothing that it has a default for."""
    os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"
    reuse = {"REFRESH_TOKEN_REUSE_PROTECTION": True} if mode == "detecting" else {}
    settings.configure(
        ALLOWED_HOSTS=["127.0.0.1"],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": folder / "django.sqlite3"}},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "oauth2_provider"],
        MIDDLEWARE=["authorization_servers.with_django.PatientIsLoggedIn"],
        OAUTH2_PROVIDER={"SCOPES": {SCOPE: "Act for a patient"}, **reuse},
        # The client's secret is hashed as passwords are, which takes a while by design.
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        ROOT_URLCONF="authorization_servers.with_django_urls",
        SECRET_KEY="of these tests",
        USE_TZ=True,
    )
    django.setup()
    call_command("migrate", verbosity=0)


def register() -> None:
    """Register the client, and the patient."""
    from django.contrib.auth.models import User
    from oauth2_provider.models import Application

    User.objects.create_user(username=PATIENT)
    Application.objects.create(
        client_id=CLIENT_ID,
        client_secret=CLIENT_SECRET,
        client_type=Application.CLIENT_CONFIDENTIAL,
        authorization_grant_type=Application.GRANT_AUTHORIZATION_CODE,
        redirect_uris=REDIRECT_URI,
        skip_authorization=True,
    )


def main() -> None:
    """Serve until somebody ends it."""
    with tempfile.TemporaryDirectory() as folder:
        configure(Path(folder), sys.argv[1])
        register()
        application = get_wsgi_application()
        with make_server("127.0.0.1", 0, application, handler_class=Quiet) as server:  # pyright: ignore[reportArgumentType]
            announce(server.server_port)
            server.serve_forever()


if __name__ == "__main__":
    main()
