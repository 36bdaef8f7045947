"""The forms from which a person pushes, and the list of what they pushed."""

from __future__ import annotations

import asyncio
import hashlib
import json
from datetime import datetime, timezone
from typing import BinaryIO

from fastapi import APIRouter
from starlette.datastructures import UploadFile
from starlette.responses import HTMLResponse, RedirectResponse

from .failures import PageError
from .fhir_bundle import bundle_of
from .measurement import measurement_of
from .pages import page, see_other
from .services import SharedDigime, SharedReadBack, SharedStore
from .session import CheckedForm, CurrentSession
from .store import Account, Destination, Push, Session
from .upload_limit import LONGEST_FILE, FileTooLargeError

router = APIRouter()


@router.get("/push")
async def show_forms(session: CurrentSession) -> HTMLResponse:
    """Show the forms."""
    return page("push.html", session=session, today=datetime.now(timezone.utc).date())


@router.post("/push/file")
async def push_file(
    session: CurrentSession, form: CheckedForm, store: SharedStore, digime: SharedDigime
) -> RedirectResponse:
    """Push a file to the library."""
    account = _account_for(session, "library")
    file = form.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        raise PageError(422, "There is no file", "Go back and choose one.")
    if (file.size or 0) > LONGEST_FILE:
        raise FileTooLargeError
    mime_type = file.content_type or "application/octet-stream"
    sha256 = await asyncio.to_thread(_sha256_of, file.file)
    await file.seek(0)
    tags = _tags_of(form.get("tags"))
    await digime.push_file(
        session.user_id, account.id, content=file, name=file.filename, mime_type=mime_type, tags=tags
    )
    push = Push("library", account.name, file.filename, mime_type, size=file.size, sha256=sha256)
    await store.add_push(session.id, push)
    return see_other("/pushed")


@router.post("/push/measurement")
async def push_measurement(
    session: CurrentSession, form: CheckedForm, store: SharedStore, digime: SharedDigime
) -> RedirectResponse:
    """Push a measurement to the provider."""
    account = _account_for(session, "provider")
    bundle = bundle_of(measurement_of(form))
    await digime.push_bundle(session.user_id, account.id, bundle)
    document = json.dumps(bundle, ensure_ascii=False, indent=2)
    push = Push("provider", account.name, "Self-measurement", "application/fhir+json", document=document)
    await store.add_push(session.id, push)
    return see_other("/pushed")


@router.get("/pushed")
async def show_pushed(session: CurrentSession, store: SharedStore, read_back: SharedReadBack) -> HTMLResponse:
    """Show what was pushed."""
    pushes = await store.list_pushes(session.id)
    return page("pushed.html", session=session, pushes=pushes, can_read_back=read_back is not None)


def _account_for(session: Session, destination: Destination) -> Account:
    account = session.accounts.get(destination)
    if account is None:
        raise PageError(409, "Not connected yet", "Connect from the start page before you push.")
    return account


def _tags_of(text: object) -> list[str]:
    """Give the tags of a text that has commas between them."""
    tags = text.split(",") if isinstance(text, str) else []
    return [tag.strip() for tag in tags if tag.strip()]


def _sha256_of(file: BinaryIO) -> str:
    digest = hashlib.sha256()
    while chunk := file.read(65_536):
        digest.update(chunk)
    return digest.hexdigest()
