"""What a page must be for whoever has a small screen, no mouse, or no eyes for it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page as Tab

from .checks import CheckFailedError, Checks, expect
from .looking_glass import LookingGlass
from .page import Page

_AXE = Path(__file__).parent / "node_modules/axe-core/axe.min.js"
_GRAVE = ("serious", "critical")
_FIND = "axe.run({ resultTypes: ['violations'], preload: false }).then(({ violations }) => violations)"
_FIND_IN_THE_DARK = _FIND.replace("preload", "runOnly: ['color-contrast'], preload")
_TABS = 300
"""More than any page has that the keyboard can go to."""

_UNFOLD = "for (const each of document.querySelectorAll('details')) each.open = true"

_WIDE = r"""() => {
    const { scrollWidth, clientWidth } = document.scrollingElement;
    if (scrollWidth <= clientWidth) return [];
    const isClipped = ({ parentElement: around }) => around !== document.body
        && (getComputedStyle(around).overflowX !== "visible" || isClipped(around));
    const wide = [...document.body.querySelectorAll("*")].filter(
        (each) => each.getBoundingClientRect().right > clientWidth && !isClipped(each),
    );
    const shown = ({ outerHTML }) => outerHTML.replaceAll(/\s+/g, " ").slice(0, 80);
    return [`${scrollWidth} px`, ...wide.slice(0, 5).map(shown)];
}"""

_SCROLLING = """() => [...document.body.querySelectorAll("*")].filter((each) => {
    const { overflowX, overflowY } = getComputedStyle(each);
    const scrolls = (overflow) => overflow === "auto" || overflow === "scroll";
    return (scrolls(overflowX) && each.scrollWidth > each.clientWidth)
        || (scrolls(overflowY) && each.scrollHeight > each.clientHeight);
}).map((each, index) => {
    each.dataset.scrolling = index;
    return each.outerHTML.slice(0, 80);
})"""

_REACHED = """() => {
    const { activeElement: here, body } = document;
    // Chromium goes to what scrolls of itself; others only if the page says that it can be gone to.
    return [here === body, here.tabIndex >= 0 ? here.closest("[data-scrolling]")?.dataset.scrolling : undefined];
}"""


@dataclass(frozen=True)
class Findings:
    """What is wrong with pages."""

    sideways: list[str]
    unreached: list[str]
    axe: list[str]


class Inspection:
    """Looks at every page that is unlike those before it, and takes its picture."""

    def __init__(self, glass: LookingGlass, pictures: Path, checks: Checks) -> None:
        self._glass = glass
        self._pictures = pictures
        self._check = checks.check
        glass.tab.add_init_script(path=_AXE)
        self._known: set[object] = set()

    def check(self, place: str, pages: Iterable[Page]) -> None:
        """Look at what was shown at a place, and tell what came of it."""
        findings = Findings([], [], [])
        unlike = [page for page in pages if self._is_new(page)]
        for number, page in enumerate(unlike, 1):
            self._inspect(page, findings)
            heading = re.sub(r"[^\w ]", "", page.heading)
            self._take_picture(f"{place} {number:02} {heading}")
        for sentence, found in (
            (f"{len(unlike)} pages, unlike each other: none scrolls sideways at 320 px", findings.sideways),
            ("each region of theirs that scrolls is reached by the keyboard", findings.unreached),
            ("axe has no serious finding, in light colours and dark ones", findings.axe),
        ):
            with suppress(CheckFailedError), self._check(sentence):
                expect(condition=bool(unlike), otherwise="no page was shown")
                expect(condition=not found, otherwise="".join(f"\n        {each}" for each in found))

    def _is_new(self, page: Page) -> bool:
        """Whether no page with this heading was made of the same parts."""
        return bool(page.content.find()) and self._is_first((page.heading, _parts(page)))

    def _is_first(self, look: object) -> bool:
        if look in self._known:
            return False
        self._known.add(look)
        return True

    def _inspect(self, page: Page, findings: Findings) -> None:
        self._glass.show(page)
        tab = self._glass.tab
        tab.evaluate(_UNFOLD)
        title = f"{page.heading} ({page.status})"
        findings.sideways.extend(f"{title}: {each}" for each in tab.evaluate(_WIDE))
        findings.unreached.extend(f"{title}: {each}" for each in _unreached(tab))
        # It looks at what a page is made of, and takes longer than all the rest.
        if self._is_first(_parts(page)):
            findings.axe.extend(f"{title}: {each}" for each in _axe_findings(tab))

    def _take_picture(self, name: str) -> None:
        self._pictures.mkdir(parents=True, exist_ok=True)
        self._glass.tab.screenshot(path=self._pictures / f"{name}.png", full_page=True)


def _parts(page: Page) -> object:
    """Say what a page is made of, and by whom."""
    elements = ((each.name, each.get("id"), str(each.get("class"))) for each in page.content.find_all())
    return page.address.split("/")[2], frozenset(elements)


def _unreached(tab: Tab) -> list[str]:
    """Go through the page by the tabulator; give the regions that scroll and were not gone to, nor anything in them."""
    scrolling: list[str] = tab.evaluate(_SCROLLING)
    left = dict(enumerate(scrolling))
    for _ in range(_TABS):
        if not left:
            break
        tab.keyboard.press("Tab")
        at_the_end, reached = tab.evaluate(_REACHED)
        if at_the_end:
            break
        left.pop(int(reached or -1), None)
    return list(left.values())


def _axe_findings(tab: Tab) -> list[str]:
    """Ask axe; give what it finds serious."""
    found: list[dict[str, Any]] = tab.evaluate(_FIND)
    tab.emulate_media(color_scheme="dark")
    found += tab.evaluate(_FIND_IN_THE_DARK)
    tab.emulate_media(color_scheme="light")
    return [
        f"{each['id']}: {each['help']}: {node['html'][:120]}"
        for each in found
        if each["impact"] in _GRAVE
        for node in each["nodes"]
    ]
