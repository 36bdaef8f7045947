"""The app as a whole: which part answers what."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.responses import HTMLResponse
from starlette.staticfiles import StaticFiles

from . import connect, push, read_back_pages
from .configuration import Configuration
from .digime import Digime
from .failures import show_failures
from .library import Library
from .pages import page
from .read_back import ReadBack
from .services import share
from .session import CurrentSession, add_sessions
from .store import Store
from .upload_limit import UploadLimit


def create_app(configuration: Configuration, base_address: str) -> FastAPI:
    """Put the app together; `base_address` is where browsers find it."""
    app = FastAPI(title="Push data", openapi_url=None)
    store = Store(configuration.database)
    callback = f"{base_address}/return"
    digime = Digime(configuration, callback, store)
    contract = configuration.read_contract
    read_back = ReadBack(digime, Library(configuration, contract, callback, store), store) if contract else None
    share(app, store, digime, read_back)
    show_failures(app)
    app.add_middleware(UploadLimit)
    add_sessions(app, store, secure=base_address.startswith("https:"))
    app.mount("/static", StaticFiles(packages=[("push_data", "static")]))
    app.get("/")(show_start)
    app.include_router(connect.router)
    app.include_router(push.router)
    app.include_router(read_back_pages.router)
    return app


async def show_start(session: CurrentSession) -> HTMLResponse:
    """Show the start page."""
    return page("start.html", session=session)
