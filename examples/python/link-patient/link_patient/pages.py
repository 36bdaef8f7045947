"""How pages are rendered, and the headers that every answer has."""

from __future__ import annotations

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse, RedirectResponse

from .session import Session

_TEMPLATES = Environment(
    loader=PackageLoader("link_patient"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)

_HEADERS = {
    "Cache-Control": "no-store",
    # form-action is left out: browsers apply it to redirects too, and /connect redirects to PKB.
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def page(template: str, session: Session, /, status: int = 200, **data: object) -> HTMLResponse:
    """Render a page; each shows whose session it is."""
    content = _TEMPLATES.get_template(template).render(data, session=session)
    return HTMLResponse(content, status, _HEADERS)


def see_other(address: str) -> RedirectResponse:
    """Send the browser on."""
    return RedirectResponse(address, 303, _HEADERS)
