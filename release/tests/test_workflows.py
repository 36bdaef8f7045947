"""What the workflows call is there, and what makes a release is pinned to its digest."""

from __future__ import annotations

import os
import re
import shlex
import subprocess

import pytest
from version import ROOT

WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
TEXT = {path.name: path.read_text(encoding="utf-8") for path in WORKFLOWS}


def made() -> set[str]:
    """The targets that workflows make, with those of their matrices."""
    targets = set()
    for text in TEXT.values():
        for words in re.findall(r"^ +(?:- run: )?(?:sudo .* )?make (.*)$", text, re.MULTILINE):
            for word in (word for word in shlex.split(words) if "=" not in word):
                name, _, variable = word.partition("$")
                choices = [""]
                if variable:
                    (listed,) = re.findall(rf"^ +{variable.lower()}: \[(.*)\]$", text, re.MULTILINE)
                    choices = listed.split(", ")
                targets |= {name + choice for choice in choices}
    return targets


def test_every_target_that_a_workflow_makes_has_a_rule() -> None:
    targets = made()
    assert {"test", "deny", "release-check-rust", "release-check-node", "nemesis", "fuzz"} <= targets
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    # What make knows; it runs nothing for that.
    command = ["make", "--print-data-base", "--question", "help"]
    known = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    rules = set(re.findall(r"^([^\s#:=]+):", known.stdout, re.MULTILINE))
    assert sorted(targets - rules) == []


def test_every_script_that_a_workflow_or_another_script_runs_is_there() -> None:
    scripts = [*(ROOT / "release").glob("*.sh"), *(ROOT / "release").glob("*/*.sh")]
    texts = [*TEXT.values(), *(path.read_text(encoding="utf-8") for path in scripts)]
    named = {name for text in texts for name in re.findall(r"\brelease/[\w/-]+\.(?:py|sh|mjs|txt|json)\b", text)}
    assert len(named) > 10
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []


def test_a_release_compiles_rust_in_the_jobs_of_platforms_alone() -> None:
    stage = TEXT["release.yml"].partition("\n  stage:\n")[2].partition("\n  try:\n")[0]
    assert "release/npm/compile.sh" in stage
    assert not re.search(r"\b(make|cargo|napi) ", stage)


@pytest.mark.parametrize("name", ["release/builders.txt", "release/requirements.txt", "website/requirements.txt"])
def test_what_makes_a_release_is_locked_to_digests(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    pinned = [line for line in text.splitlines() if line and not line.startswith("#")]
    assert pinned
    assert [line.split()[0] for line in pinned if "==" not in line or "--hash=sha256:" not in line] == []
    asked = (ROOT / name).with_suffix(".in").read_text(encoding="utf-8").splitlines()
    for wanted in (line for line in asked if "==" in line):
        assert any(line.startswith(f"{wanted} ") for line in pinned), f"{name} is older than its .in: release/lock.sh"


def test_nothing_is_installed_from_a_list_without_asking_for_digests() -> None:
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "release").glob("*.sh")]
    for text in [*TEXT.values(), *texts]:
        for line in re.findall(r".*pip install.*", text):
            assert "--require-hashes" in line, line
        assert "npm install --prefix" not in text
