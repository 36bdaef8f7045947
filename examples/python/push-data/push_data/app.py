"""The app as a whole: which part answers what."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.responses import HTMLResponse
from starlette.staticfiles import StaticFiles

from . import connect, push
from .configuration import Configuration
from .digime import Digime
from .failures import show_failures
from .pages import page
from .services import share
from .session import CurrentSession, add_sessions
from .store import Store
from .upload_limit import UploadLimit


def create_app(configuration: Configuration, base_address: str) -> FastAPI:
    """Put the app together; `base_address` is where browsers find it."""
    app = FastAPI(title="Push data", openapi_url=None)
    store = Store(configuration.database)
    share(app, store, Digime(configuration, f"{base_address}/return", store))
    show_failures(app)
    app.add_middleware(UploadLimit)
    add_sessions(app, store, secure=base_address.startswith("https:"))
    app.mount("/static", StaticFiles(packages=[("push_data", "static")]))
    app.get("/")(show_start)
    app.include_router(connect.router)
    app.include_router(push.router)
    return app


async def show_start(session: CurrentSession) -> HTMLResponse:
    """Show the start page."""
    return page("start.html", session=session)
