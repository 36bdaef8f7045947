"""How pages are rendered, and the headers that every answer has."""

from __future__ import annotations

from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

_TEMPLATES = Environment(
    loader=PackageLoader("read_data"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)

_HEADERS = {
    "Cache-Control": "no-store",
    # form-action is left out: browsers apply it to redirects too, and /connect redirects to digi.me.
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def page(template: str, /, status: int = 200, **data: object) -> HTMLResponse:
    """Render a page."""
    return HTMLResponse(_TEMPLATES.get_template(template).render(data), status, _HEADERS)


def json(document: object) -> JSONResponse:
    """Answer a script."""
    return JSONResponse(document, headers=_HEADERS)


def see_other(address: str) -> RedirectResponse:
    """Send the browser on."""
    return RedirectResponse(address, 303, _HEADERS)


def attachment(name: str, media_type: str, content: bytes) -> Response:
    """Give a file of a stranger to be saved: no browser may run what is in it."""
    headers = {
        **_HEADERS,
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }
    return Response(content, media_type=media_type, headers=headers)
