"""How routes get at the parts of the app that they all share."""

from __future__ import annotations

from typing import Annotated, Optional

from fastapi import Depends, FastAPI, Request

from .digime import Digime
from .read_back import ReadBack
from .store import Store


def share(app: FastAPI, store: Store, digime: Digime, read_back: ReadBack | None) -> None:
    """Let the app's routes use these."""
    app.state.store = store
    app.state.digime = digime
    app.state.read_back = read_back


def _store_of(request: Request) -> Store:
    store: Store = request.app.state.store
    return store


def _digime_of(request: Request) -> Digime:
    digime: Digime = request.app.state.digime
    return digime


def _read_back_of(request: Request) -> ReadBack | None:
    read_back: ReadBack | None = request.app.state.read_back
    return read_back


SharedStore = Annotated[Store, Depends(_store_of)]
SharedDigime = Annotated[Digime, Depends(_digime_of)]
SharedReadBack = Annotated[Optional[ReadBack], Depends(_read_back_of)]
"""Not there without a contract for it."""
