"""The app as a whole: which part answers what."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.responses import HTMLResponse
from starlette.staticfiles import StaticFiles

from . import connect, push, read_back_pages
from .configuration import Configuration
from .digime import Digime
from .failures import show_failures
from .health import tell_readiness
from .library import Library
from .pages import page
from .read_back import ReadBack
from .sdk import open_sdk
from .services import share
from .session import CurrentSession, add_sessions
from .store import Store
from .upload_limit import UploadLimit


def create_app(configuration: Configuration, base_address: str) -> FastAPI:
    """Put the app together; `base_address` is where browsers find it."""
    sdk = open_sdk(configuration)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncGenerator[None]:
        yield
        # Tokens that are on their way are stored before the process ends.
        await sdk.close()

    app = FastAPI(title="Push data", openapi_url=None, lifespan=lifespan)
    store = Store(configuration.database)
    contract, read_contract = configuration.contract, configuration.read_contract
    digime = Digime(sdk, contract, f"{base_address}/return")
    read_back = None
    if read_contract is not None:
        library = Library(sdk, read_contract, contract, f"{base_address}{read_back_pages.RETURN_PATH}")
        read_back = ReadBack(digime, library, store)
    share(app, store, digime, read_back)
    tell_readiness(app, sdk, [each["contract_id"] for each in (contract, read_contract) if each is not None])
    connect.show_denials(app)
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
