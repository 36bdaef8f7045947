"""The app as a whole: which part answers what."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from . import connect, health, invite, open_pkb, record, start, team
from .configuration import Configuration
from .extracts import Extracts
from .failures import show_failures
from .pkb import Pkb
from .services import share
from .session import add_sessions


def create_app(configuration: Configuration, redirect_uri: str) -> FastAPI:
    """Put the app together; `redirect_uri` is where people come back to from PKB."""
    pkb = Pkb(configuration, redirect_uri)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncGenerator[None]:
        yield
        await pkb.close()

    app = FastAPI(title="Link patient", openapi_url=None, lifespan=lifespan)
    share(app, pkb, Extracts(configuration.extracts))
    show_failures(app)
    add_sessions(app, configuration.session_key, secure=redirect_uri.startswith("https:"))
    app.mount("/static", StaticFiles(packages=[("link_patient", "static")]))
    for part in (health, start, invite, connect, record, team, open_pkb):
        app.include_router(part.router)
    return app
