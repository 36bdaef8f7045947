"""Whether links lead somewhere: those of the repository's Markdown files, and those of the site. No other server is asked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import sources

_LOADED = re.compile(r"(?:url\(|@import)\s*[\"']?(?:https?:)?//", re.IGNORECASE)


def of_repository() -> list[str]:
    """The dead links of the repository's Markdown files."""
    return [fault for source in sources.listed("*.md") for fault in of_file(source)]


def of_file(source: str) -> Iterator[str]:
    """The dead links of one Markdown file."""
    text = (sources.ROOT / source).read_text(encoding="utf-8")
    for link in sources.links(text):
        path, anchor = sources.target(source, unquote(link))
        file = sources.ROOT / path
        if not file.exists():
            yield f"{source}: {link} leads to no file"
        elif anchor and path.endswith(".md") and anchor not in sources.anchors(file.read_text(encoding="utf-8")):
            yield f"{source}: {link} leads to no heading"


def of_site(site: Path) -> list[str]:
    """The dead links of a site, and what it would load from elsewhere."""
    pages = {path: _Page(path, site) for path in sorted(site.resolve().rglob("*.html"))}
    faults = [fault for page in pages.values() for fault in page.faults(pages)]
    for sheet in site.rglob("*.css"):
        if _LOADED.search(sheet.read_text(encoding="utf-8")):
            faults.append(f"{sheet.relative_to(site)}: loads from another server")
    return faults


class _Page(HTMLParser):
    """A page: its links, and what can be linked to in it."""

    def __init__(self, path: Path, site: Path) -> None:
        super().__init__()
        self.path = path
        self.site = site.resolve()
        self.names: set[str] = set()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take down what leads away."""
        given = {name: value or "" for name, value in attrs}
        self.names.update(given[name] for name in ("id", "name") if name in given)
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif "src" in given or (tag == "link" and "href" in given):
            self.loaded.append(given.get("src") or given["href"])

    def faults(self, pages: dict[Path, _Page]) -> Iterator[str]:
        """What is wrong with it."""
        for address in [*self.loaded, *self.links]:
            if address.startswith("/") and not address.startswith("//"):
                yield f"{self.path.name}: {address} leads to the root of a server, where the site need not be"
        for address in self.loaded:
            if urlsplit(address).netloc:
                yield f"{self.path.name}: loads {address} from another server"
            elif not self._file(address).exists():
                yield f"{self.path.name}: {address} leads to no file"
        for address in self.links:
            parts = urlsplit(address)
            if parts.scheme or parts.netloc:
                continue
            file = self._file(address)
            if not address:
                yield f"{self.path.name}: a link has no address"
            elif file.is_dir():
                yield f"{self.path.name}: {address} leads to a folder, which only a server makes a page of"
            elif file not in pages and not file.exists():
                yield f"{self.path.name}: {address} leads to no file"
            elif parts.fragment and file in pages and unquote(parts.fragment) not in pages[file].names:
                yield f"{self.path.name}: {address} leads to nothing on its page"

    def _file(self, address: str) -> Path:
        path = unquote(urlsplit(address).path)
        start = self.site if path.startswith("/") else self.path.parent
        return _normal(start, path.lstrip("/")) if path else self.path


@cache
def _normal(start: Path, path: str) -> Path:
    return (start / path).resolve()
