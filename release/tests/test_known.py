"""Nothing is released as long as it is not known where the project is found, and to whom weaknesses are reported."""

from __future__ import annotations

import json
from pathlib import Path

import known
import pytest


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of which all is known."""
    (tmp_path / "release").mkdir()
    facts = {"repository": "https://repository.example/project", "contact": "security@project.example"}
    (tmp_path / "release/project.json").write_text(json.dumps(facts), encoding="utf-8")
    (tmp_path / "SECURITY.md").write_text("Write to **security@project.example**.\n", encoding="utf-8")
    return tmp_path


def test_a_project_of_which_all_is_known_is_released(project: Path) -> None:
    assert known.unknown(project) == []


@pytest.mark.parametrize("name", ["repository", "contact"])
def test_what_is_missing_in_project_json_is_named(project: Path, name: str) -> None:
    path = project / "release/project.json"
    facts = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(facts | {name: ""}), encoding="utf-8")
    assert known.unknown(project) == [f"release/project.json has no {name}"]


def test_a_marker_in_place_of_the_contact_is_found(project: Path) -> None:
    (project / "SECURITY.md").write_text("Write to **@CONTACT@**.\n", encoding="utf-8")
    (missing,) = known.unknown(project)
    assert "@CONTACT@" in missing
