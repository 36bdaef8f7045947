"""One command sets the version of all packages, and refuses what would tell two stories."""

from __future__ import annotations

import datetime
import shutil
import subprocess
from pathlib import Path

import pytest
import version

DATE = datetime.date(2031, 2, 3)


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A copy of what git knows of this project's manifests."""
    listed = subprocess.run(
        ["git", "ls-files", "*.toml", "*.lock", "*.json", "*.md", "*.rs"],
        cwd=version.ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    for name in listed.stdout.splitlines():
        target = tmp_path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(version.ROOT / name, target)
    return tmp_path


def test_all_packages_have_one_version() -> None:
    assert version.current(version.ROOT)


def test_a_version_is_set_everywhere_and_what_was_unreleased_is_told_under_it(copied: Path) -> None:
    version.set_version(copied, "7.8.9", DATE)
    assert version.current(copied) == "7.8.9"
    changelog = (copied / "CHANGELOG.md").read_text(encoding="utf-8")
    assert "## Unreleased\n\n## 7.8.9 - 2031-02-03\n" in changelog
    assert version.check_tag(copied, "v7.8.9") == "7.8.9"


def test_a_tag_of_another_version_is_refused(copied: Path) -> None:
    version.set_version(copied, "7.8.9", DATE)
    with pytest.raises(version.Wrong, match=r"the tag is v7\.8\.8, but the version is 7\.8\.9"):
        version.check_tag(copied, "v7.8.8")


def test_a_tag_that_the_changelog_does_not_tell_of_is_refused(copied: Path) -> None:
    with pytest.raises(version.Wrong, match="CHANGELOG"):
        version.check_tag(copied, f"v{version.current(copied)}")


def test_a_release_that_the_changelog_tells_nothing_of_is_refused(copied: Path) -> None:
    version.set_version(copied, "7.8.9", DATE)
    with pytest.raises(version.Wrong, match="tells of nothing that is unreleased"):
        version.set_version(copied, "7.9.0", DATE)
    assert version.current(copied) == "7.8.9"


@pytest.mark.parametrize("wrong", ["7.8", "v7.8.9", "7.8.9+build", "seven"])
def test_what_is_no_version_is_refused(copied: Path, wrong: str) -> None:
    with pytest.raises(version.Wrong, match="is no version"):
        version.set_version(copied, wrong, DATE)


def test_a_file_with_another_version_is_named(copied: Path) -> None:
    manifest = copied / "bindings-node" / "package.json"
    manifest.write_text(
        manifest.read_text(encoding="utf-8").replace('"version": "', '"version": "9', 1), encoding="utf-8"
    )
    with pytest.raises(version.Wrong, match=r"bindings-node/package\.json has 9"):
        version.current(copied)
