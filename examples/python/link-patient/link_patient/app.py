"""The app as a whole: which part answers what."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from . import connect, health, record, start
from .configuration import Configuration
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
    share(app, pkb)
    show_failures(app)
    add_sessions(app, configuration.session_key, secure=redirect_uri.startswith("https:"))
    app.mount("/static", StaticFiles(packages=[("link_patient", "static")]))
    app.include_router(health.router)
    app.include_router(start.router)
    app.include_router(connect.router)
    app.include_router(record.router)
    return app
