"""How a file is shown: what it is called, and its content as tables, as text, as an image, or not at all."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .fhir_tables import Table, tables_of
from .store import File

_LONGEST_TEXT = 200_000


@dataclass(frozen=True)
class View:
    """One of these, or none of them; a text that is cut goes on."""

    tables: tuple[Table, ...] = ()
    text: str | None = None
    is_cut: bool = False
    is_image: bool = False


def file_name_of(name: str, metadata: Mapping[str, Any]) -> str:
    """Give the name to save it under: what the application that pushed it calls it, or else digi.me."""
    references = metadata.get("reference") or [name]
    return str(references[0])


def title_of(name: str, metadata: Mapping[str, Any]) -> str:
    """Give what a person would call it: the kind of its objects, if digi.me has mapped it."""
    return str(metadata.get("objectType") or file_name_of(name, metadata))


def pretty(document: object) -> str:
    """Write JSON for a person."""
    return json.dumps(document, ensure_ascii=False, indent=2)


def view_of(file: File) -> View:
    """Say how the content is shown."""
    media_type = str(file.metadata.get("mimetype", "application/json"))
    if media_type.startswith("image/"):
        return View(is_image=True)
    if re.match(r"application/(.+\+)?json\b", media_type):
        return _view_of_json(file.content)
    if media_type.startswith("text/"):
        return _view_of_text(file.content.decode(errors="replace"))
    return View()


def _view_of_json(content: bytes) -> View:
    try:
        document = json.loads(content)
    except ValueError:
        return _view_of_text(content.decode(errors="replace"))
    tables = tables_of(document)
    if tables:
        return View(tables=tuple(tables))
    return _view_of_text(pretty(document))


def _view_of_text(text: str) -> View:
    return View(text=text[:_LONGEST_TEXT], is_cut=len(text) > _LONGEST_TEXT)
