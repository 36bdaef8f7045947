"""How routes get at what they all share."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, FastAPI, Request

from .extracts import Extracts
from .pkb import Pkb


def share(app: FastAPI, pkb: Pkb, extracts: Extracts) -> None:
    """Let the app's routes use them."""
    app.state.pkb = pkb
    app.state.extracts = extracts


def _pkb_of(request: Request) -> Pkb:
    pkb: Pkb = request.app.state.pkb
    return pkb


def _extracts_of(request: Request) -> Extracts:
    extracts: Extracts = request.app.state.extracts
    return extracts


SharedPkb = Annotated[Pkb, Depends(_pkb_of)]
SharedExtracts = Annotated[Extracts, Depends(_extracts_of)]
