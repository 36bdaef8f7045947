"""Which browser a request comes from: the cookie that names its session, and the token that its forms carry."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Annotated

from fastapi import Depends, FastAPI, Request
from starlette.datastructures import FormData
from starlette.middleware.base import RequestResponseEndpoint
from starlette.responses import Response

from .failures import PageError
from .services import SharedDigime, SharedStore
from .store import SESSION_DAYS, Session, Store

# Browsers send cookies to every port of a host: the name keeps two apps on one machine apart.
_COOKIE = "read_data_python"


def add_sessions(app: FastAPI, store: Store, *, secure: bool) -> None:
    """Give every request of a page its session, a new one if it brings none that is known."""

    @app.middleware("http")
    async def with_session(request: Request, call_next: RequestResponseEndpoint) -> Response:  # pyright: ignore[reportUnusedFunction] - the decorator uses it
        if request.url.path.startswith(("/static/", "/ready")):
            return await call_next(request)
        session = await store.find_session(request.cookies.get(_COOKIE, ""))
        request.state.session = session or await store.create_session()
        response = await call_next(request)
        if session is None:
            session_id = request.state.session.id
            max_age = SESSION_DAYS * 24 * 3600
            response.set_cookie(_COOKIE, session_id, max_age, httponly=True, samesite="lax", secure=secure)
        return response


async def _session_of(request: Request, store: SharedStore, digime: SharedDigime) -> Session:
    session: Session = request.state.session
    if session.sources and not await digime.is_connected(session.user_id):
        await store.save_sources(session.id, [])
        return replace(session, sources=[])
    return session


CurrentSession = Annotated[Session, Depends(_session_of)]


async def _checked_form(request: Request, session: CurrentSession) -> AsyncIterator[FormData]:
    async with request.form(max_files=0, max_fields=5, max_part_size=1000) as form:
        if not _is_equal(session.form_token, form.get("form_token")):
            raise PageError(403, "This form is out of date", "Go back, reload the page and send it again.")
        yield form


CheckedForm = Annotated[FormData, Depends(_checked_form)]
"""A form that this app gave to this browser; any other is refused."""


def _is_equal(secret: str, sent: object) -> bool:
    """Say whether what a browser sent is the secret, in a time that does not depend on how much of it is right."""
    return isinstance(sent, str) and secrets.compare_digest(secret.encode(), sent.encode())
