"""How routes get at the parts of the app that they all share."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, FastAPI, Request

from .digime import Digime
from .readings import Readings
from .store import Store


def share(app: FastAPI, store: Store, digime: Digime, readings: Readings) -> None:
    """Let the app's routes use these."""
    app.state.store = store
    app.state.digime = digime
    app.state.readings = readings


def _store_of(request: Request) -> Store:
    store: Store = request.app.state.store
    return store


def _digime_of(request: Request) -> Digime:
    digime: Digime = request.app.state.digime
    return digime


def _readings_of(request: Request) -> Readings:
    readings: Readings = request.app.state.readings
    return readings


SharedStore = Annotated[Store, Depends(_store_of)]
SharedDigime = Annotated[Digime, Depends(_digime_of)]
SharedReadings = Annotated[Readings, Depends(_readings_of)]
