"""The fixture `digime_sandbox` for pytest, which finds this module by the package's entry point."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ._sandbox import Sandbox, start_sandbox


# One for all tests, since it makes keys when it starts, which takes a moment. Each consent at digi.me is another
# person's; a test that turns controls, or counts what PKB's people have, starts its own.
@pytest.fixture(scope="session")
def digime_sandbox() -> Iterator[Sandbox]:
    """digi.me and Patients Know Best on this machine: one sandbox for all tests of the session."""
    with start_sandbox() as sandbox:
        yield sandbox
