"""Builds the site: gathers its pages in `build/website`, lets Zensical make HTML of them in `build/site`, and looks whether that leads anywhere."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import links
import sources
from navigation import navigation
from reference.errors import error_page
from reference.pages import Reference

HERE = Path(__file__).resolve().parent
BUILD = sources.ROOT / "build"
GATHERED = BUILD / "website"
SITE = BUILD / "site"
_OF_A_PLACE = ["404.html", "sitemap.xml"]
"""What is right only where the address of the site is known, which is to work wherever it is put, and from a folder."""


def gather(described: dict[str, Any]) -> dict[str, str]:
    """All pages in Markdown, by where they are on the site."""
    reference = Reference(described)
    gathered = {place: sources.page(source) for source, place in sources.pages().items()}
    # Its heading is the name of the site, which every title ends with.
    gathered["index.md"] = f"---\ntitle: Documentation\n---\n\n{gathered['index.md']}"
    for row in described["errors"]:
        place = f"errors/{row['code']}.md"
        gathered[place] += error_page(row, reference)
    return gathered | reference.pages()


def arranged(described: dict[str, Any]) -> list[Any]:
    """The navigation."""
    errors = ["errors/README.md", *({row["class"]: f"errors/{row['code']}.md"} for row in described["errors"])]
    errors.append({"No binary": "errors/ERR_NO_BINARY.md"})  # what there is in place of the core that would describe it
    return navigation(errors, Reference(described).navigation())


def build(description: Path) -> list[str]:
    """Build it all, and tell what is wrong with its links."""
    described = json.loads(description.read_text(encoding="utf-8"))
    shutil.rmtree(GATHERED, ignore_errors=True)
    for place, text in gather(described).items():
        page = GATHERED / "docs" / place
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(text, encoding="utf-8")
    for source, place in sources.pictures().items():
        (GATHERED / "docs" / place).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(sources.ROOT / source, GATHERED / "docs" / place)
    shutil.copytree(HERE / "assets", GATHERED / "docs", dirs_exist_ok=True)
    settings = {
        "INHERIT": "../../website/mkdocs.yml",
        "docs_dir": "docs",
        "site_dir": "site",
        "nav": arranged(described),
    }
    (GATHERED / "mkdocs.yml").write_text(json.dumps(settings, indent=2), encoding="utf-8")
    subprocess.run([sys.executable, "-m", "zensical", "build", "--strict"], cwd=GATHERED, check=True)
    for placed in _OF_A_PLACE:
        (GATHERED / "site" / placed).unlink()
    shutil.rmtree(SITE, ignore_errors=True)
    (GATHERED / "site").rename(SITE)
    return [*links.of_repository(), *links.of_site(SITE)]


if __name__ == "__main__":
    faults = build(Path(sys.argv[1]))
    print(*faults, f"The site is in {SITE.relative_to(sources.ROOT)}.", sep="\n")
    sys.exit(1 if faults else 0)
