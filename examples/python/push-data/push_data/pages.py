"""How pages are rendered, and the headers that every answer has."""

from __future__ import annotations

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse, RedirectResponse, Response

_TEMPLATES = Environment(
    loader=PackageLoader("push_data"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)

_HEADERS = {
    "Cache-Control": "no-store",
    # form-action is left out: browsers apply it to redirects too, and /connect redirects to digi.me.
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def page(template: str, /, status: int = 200, **data: object) -> HTMLResponse:
    """Render a page."""
    return HTMLResponse(_TEMPLATES.get_template(template).render(data), status, _HEADERS)


def attachment(content: bytes) -> Response:
    """Give bytes to be saved: whatever they are, no browser may run what is in them."""
    headers = {
        **_HEADERS,
        "Content-Disposition": "attachment",
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }
    return Response(content, media_type="application/octet-stream", headers=headers)


def see_other(address: str) -> RedirectResponse:
    """Send the browser on."""
    return RedirectResponse(address, 303, _HEADERS)
