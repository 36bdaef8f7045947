"""The app as a whole: which part answers what."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.responses import HTMLResponse
from starlette.staticfiles import StaticFiles

from . import connect, data
from .configuration import Configuration
from .digime import Digime
from .failures import show_failures
from .health import tell_readiness
from .pages import page
from .readings import Readings
from .sdk import open_sdk
from .services import share
from .session import CurrentSession, add_sessions
from .store import Store


def create_app(configuration: Configuration, base_address: str) -> FastAPI:
    """Put the app together; `base_address` is where browsers find it."""
    sdk = open_sdk(configuration)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncGenerator[None]:
        yield
        # Tokens that are on their way are stored before the process ends; a reading may take too long for that.
        await sdk.close(timeout=3000)

    app = FastAPI(title="Read data", openapi_url=None, lifespan=lifespan)
    store = Store(configuration.database)
    digime = Digime(sdk, configuration.contract, f"{base_address}/return")
    share(app, store, digime, Readings(digime, store))
    tell_readiness(app, sdk, configuration.contract["contract_id"])
    connect.show_denials(app)
    show_failures(app)
    add_sessions(app, store, secure=base_address.startswith("https:"))
    app.mount("/static", StaticFiles(packages=[("read_data", "static")]))
    app.get("/")(show_start)
    app.include_router(connect.router)
    app.include_router(data.router)
    return app


async def show_start(session: CurrentSession) -> HTMLResponse:
    """Show the start page."""
    return page("start.html", session=session)
