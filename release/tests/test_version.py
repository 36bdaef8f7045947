"""One command sets the version of all packages, and refuses what would tell two stories."""

from __future__ import annotations

import datetime
import shutil
import subprocess
from pathlib import Path

import pytest
import version

DATE = datetime.date(2031, 2, 3)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what git knows of this project's manifests and of what they name."""
    folder: Path = tmp_path_factory.mktemp("project")
    listed = subprocess.run(
        [
            "git",
            "ls-files",
            "*.toml",
            "*.lock",
            "*.json",
            "*.md",
            "*.rs",
            "*/requirements.txt",
            ":!tests/conformance/scenarios",
        ],
        cwd=version.ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    for name in listed.stdout.splitlines():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(version.ROOT / name, target)
    git(folder, "init", "--quiet")
    commit(folder)
    git(folder, "tag", "before")
    return folder


@pytest.fixture
def copied(project: Path) -> Path:
    """The copy, as it was."""
    git(project, "reset", "--quiet", "--hard", "before")
    return project


def git(folder: Path, *arguments: str) -> str:
    who = ["-c", "user.name=somebody", "-c", "user.email=somebody@project.example"]
    return subprocess.run(["git", *who, *arguments], cwd=folder, check=True, stdout=subprocess.PIPE, text=True).stdout


def commit(folder: Path) -> None:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "Change it")


def tell_something(folder: Path) -> None:
    changelog = folder / "CHANGELOG.md"
    text = changelog.read_text(encoding="utf-8")
    changelog.write_text(text.replace("## Unreleased\n", "## Unreleased\n\n- Something.\n", 1), encoding="utf-8")
    commit(folder)


def test_all_packages_have_one_version() -> None:
    assert version.current(version.ROOT)


def test_a_version_is_set_everywhere_and_what_was_unreleased_is_told_under_it(copied: Path) -> None:
    version.set_version(copied, "7.8.9", DATE)
    assert version.current(copied) == "7.8.9"
    changelog = (copied / "CHANGELOG.md").read_text(encoding="utf-8")
    assert "## Unreleased\n\n## 7.8.9 - 2031-02-03\n" in changelog
    assert version.check_tag(copied, "v7.8.9") == "7.8.9"
    for app in ("push-data", "read-data", "link-patient"):
        lines = (copied / "examples/python" / app / "requirements.txt").read_text(encoding="utf-8").splitlines()
        assert "digime-sdk>=7.8,<8" in lines
    command = ["cargo", "metadata", "--locked", "--offline", "--quiet", "--format-version=1"]
    subprocess.run(command, cwd=copied, check=True, stdout=subprocess.DEVNULL)


def test_no_file_that_users_read_has_the_version_but_where_it_is_set(copied: Path) -> None:
    version.set_version(copied, "7.8.9", DATE)
    commit(copied)
    tell_something(copied)
    version.set_version(copied, "7.9.0", DATE)
    left = git(copied, "grep", "--name-only", "--fixed-strings", "7.8.9").split()
    assert left == ["CHANGELOG.md"]
    assert "digime-sdk-0" not in "".join(path.read_text(encoding="utf-8") for path in copied.glob("examples/**/*.md"))


def test_a_tag_of_another_version_is_refused(copied: Path) -> None:
    version.set_version(copied, "7.8.9", DATE)
    with pytest.raises(version.Wrong, match=r"the tag is v7\.8\.8, and has to be v7\.8\.9"):
        version.check_tag(copied, "v7.8.8")
    with pytest.raises(version.Wrong, match=r"the tag is 7\.8\.9, and has to be v7\.8\.9"):
        version.check_tag(copied, "7.8.9")


def test_a_tag_that_the_changelog_does_not_tell_of_is_refused(copied: Path) -> None:
    with pytest.raises(version.Wrong, match="CHANGELOG"):
        version.check_tag(copied, f"v{version.current(copied)}")


def test_a_release_that_the_changelog_tells_nothing_of_is_refused(copied: Path) -> None:
    version.set_version(copied, "7.8.9", DATE)
    commit(copied)
    with pytest.raises(version.Wrong, match="tells of nothing that is unreleased"):
        version.set_version(copied, "7.9.0", DATE)
    assert version.current(copied) == "7.8.9"


@pytest.mark.parametrize(
    "wrong", ["7.8", "v7.8.9", "7.8.9+build", "seven", "07.8.9", "7.8.٣", "7.8.9\n", f"7.8.{2**64}"]
)
def test_what_is_no_version_is_refused(copied: Path, wrong: str) -> None:
    with pytest.raises(version.Wrong, match="is no version"):
        version.set_version(copied, wrong, DATE)
    assert git(copied, "status", "--porcelain") == ""


@pytest.mark.parametrize("wrong", ["7.8.9-rc.1", "7.8.9-01", "7.8.9-rc..1"])
def test_a_pre_release_is_refused_and_said_to_be_one(copied: Path, wrong: str) -> None:
    with pytest.raises(version.Wrong, match="is a pre-release, and none is released from here"):
        version.set_version(copied, wrong, DATE)


def test_an_older_version_is_refused_and_so_is_one_that_was_released(copied: Path) -> None:
    version.set_version(copied, "7.8.9", DATE)
    commit(copied)
    with pytest.raises(version.Wrong, match=r"the version is 7\.8\.9 already"):
        version.set_version(copied, "7.8.9", DATE)
    tell_something(copied)
    with pytest.raises(version.Wrong, match=r"7\.8\.8 is older than 7\.8\.9"):
        version.set_version(copied, "7.8.8", DATE)
    assert git(copied, "status", "--porcelain") == ""


def test_changes_that_are_not_committed_are_not_mixed_with_those_of_a_version(copied: Path) -> None:
    (copied / "README.md").write_text("Another text.\n", encoding="utf-8")
    with pytest.raises(version.Wrong, match=r"not committed:\n M README\.md"):
        version.set_version(copied, "7.8.9", DATE)


def test_a_file_that_cannot_be_set_leaves_all_as_they_were(copied: Path) -> None:
    shutil.rmtree(copied / "examples/python")
    commit(copied)
    with pytest.raises(version.Wrong, match=r"no file is examples/python"):
        version.set_version(copied, "7.8.9", DATE)
    assert git(copied, "status", "--porcelain") == ""


def test_whoever_has_set_a_version_is_told_what_comes_next() -> None:
    told = version.next_steps("7.8.9")
    assert all(step in told for step in ("git restore", "git commit", "git tag v7.8.9"))


def test_a_file_with_another_version_is_named(copied: Path) -> None:
    manifest = copied / "bindings-node" / "package.json"
    manifest.write_text(
        manifest.read_text(encoding="utf-8").replace('"version": "', '"version": "9', 1), encoding="utf-8"
    )
    with pytest.raises(version.Wrong, match=r"bindings-node/package\.json has 9"):
        version.current(copied)
