"""The app as a whole: which part answers what."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.responses import HTMLResponse
from starlette.staticfiles import StaticFiles

from . import connect, data
from .configuration import Configuration
from .digime import Digime
from .failures import show_failures
from .pages import page
from .readings import Readings
from .services import share
from .session import CurrentSession, add_sessions
from .store import Store


def create_app(configuration: Configuration, base_address: str) -> FastAPI:
    """Put the app together; `base_address` is where browsers find it."""
    app = FastAPI(title="Read data", openapi_url=None)
    store = Store(configuration.database)
    digime = Digime(configuration, f"{base_address}/return", store)
    share(app, store, digime, Readings(digime, store))
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
