"""How routes get at what they all share."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, FastAPI, Request

from .pkb import Pkb


def share(app: FastAPI, pkb: Pkb) -> None:
    """Let the app's routes use it."""
    app.state.pkb = pkb


def _pkb_of(request: Request) -> Pkb:
    pkb: Pkb = request.app.state.pkb
    return pkb


SharedPkb = Annotated[Pkb, Depends(_pkb_of)]
