"""Only what is on main, and has passed CI there, is released."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from known import ROOT


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository whose branch `main` a remote has, too, with a `gh` that says what stands in a file."""
    folder = tmp_path / "repository"
    folder.mkdir()
    _git(folder, "init", "--quiet", "--initial-branch=main")
    _commit(folder)
    _git(folder, "update-ref", "refs/remotes/origin/main", "HEAD")
    program = tmp_path / "gh"
    program.write_text(f"#!/bin/sh\ncat {tmp_path}/passed\n", encoding="utf-8")
    program.chmod(0o755)
    (tmp_path / "passed").write_text("1\n", encoding="utf-8")
    return folder


def _git(folder: Path, *arguments: str) -> None:
    who = ["-c", "user.name=somebody", "-c", "user.email=somebody@project.example"]
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True)


def _commit(folder: Path) -> None:
    _git(folder, "commit", "--quiet", "--allow-empty", "--message", "Change it")


def _refusal(folder: Path) -> str:
    path = f"{folder.parent}{os.pathsep}{os.environ['PATH']}"
    command = ["bash", str(ROOT / "release/origin.sh"), "HEAD"]
    ended = subprocess.run(
        command, cwd=folder, env=os.environ | {"PATH": path}, capture_output=True, text=True, check=False
    )
    assert (ended.returncode == 0) == (ended.stderr == "")
    return ended.stderr


def test_what_is_on_main_and_has_passed_is_released(repository: Path) -> None:
    assert _refusal(repository) == ""


def test_a_commit_that_is_not_on_main_is_refused(repository: Path) -> None:
    _commit(repository)
    assert "is not on main" in _refusal(repository)


def test_a_commit_that_ci_has_not_passed_is_refused(repository: Path) -> None:
    (repository.parent / "passed").write_text("0\n", encoding="utf-8")
    assert "CI has not passed" in _refusal(repository)
