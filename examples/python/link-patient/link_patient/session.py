"""Whose browser a request comes from: the signed cookie that says so, and the token that its forms carry."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass
from typing import Annotated

from fastapi import Depends, FastAPI, Request
from starlette.datastructures import FormData
from starlette.middleware.sessions import SessionMiddleware

from .page_error import PageError
from .users import User

# Browsers send cookies to every port of a host: the name keeps two apps on one machine apart.
_COOKIE = "link_patient_python"
_LIFETIME = 12 * 3600


@dataclass(frozen=True)
class Conflict:
    """A link that waits for a decision.

    `linked` is the `appUser` or the `publicId`, whichever is linked already. With `callback`, the address that PKB sent
    the person back to, the link can still be completed.
    """

    linked: str
    callback: str


@dataclass(frozen=True)
class Session:
    """What the cookie holds: the token of the forms, who is logged in, and a link that waits for a decision."""

    form_token: str
    user: User | None = None
    conflict: Conflict | None = None


def add_sessions(app: FastAPI, key: str, *, secure: bool) -> None:
    """Let the app's cookies be signed with this key."""
    app.add_middleware(
        SessionMiddleware,
        secret_key=key,
        session_cookie=_COOKIE,
        max_age=_LIFETIME,
        same_site="lax",
        https_only=secure,
    )


def fresh_session(user: User | None = None) -> Session:
    """Give a session with a form token of its own."""
    return Session(secrets.token_urlsafe(32), user)


def save(request: Request, session: Session) -> None:
    """Let this be the browser's session from now on."""
    request.session.update(asdict(session))


def session_of(request: Request) -> Session:
    """Give the browser's session, a new one if it brings none."""
    if "form_token" not in request.session:
        save(request, fresh_session())
    form_token, user, conflict = (request.session[name] for name in ("form_token", "user", "conflict"))
    return Session(form_token, user and User(**user), conflict and Conflict(**conflict))


CurrentSession = Annotated[Session, Depends(session_of)]


async def _user_of(session: CurrentSession) -> User:
    if session.user is None:
        raise PageError(401, "Nobody is logged in", "Log in on the start page, and begin again from there.")
    return session.user


CurrentUser = Annotated[User, Depends(_user_of)]
"""Who is logged in; if nobody is, the page says so."""


async def _checked_form(request: Request, session: CurrentSession) -> AsyncIterator[FormData]:
    async with request.form(max_files=0, max_fields=20, max_part_size=1000) as form:
        if not _is_equal(session.form_token, form.get("form_token")):
            raise PageError(403, "This form is out of date", "Go back, reload the page and send it again.")
        yield form


CheckedForm = Annotated[FormData, Depends(_checked_form)]
"""A form that this app gave to this browser; any other is refused."""


def _is_equal(secret: str, sent: object) -> bool:
    """Say whether what a browser sent is the secret, in a time that does not depend on how much of it is right."""
    return isinstance(sent, str) and secrets.compare_digest(secret.encode(), sent.encode())
