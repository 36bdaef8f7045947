"""What a package is made of is told under the package's own address, with the licences of all that is linked into it."""

from __future__ import annotations

from pathlib import Path

import sbom
from notices import Crate, notices

CRATE = Crate("some-crate", "1.2.3", "MIT/Apache-2.0", (), None, Path())


def test_a_bill_is_of_what_the_registry_calls_the_package() -> None:
    bill = sbom.bill("pkg:pypi/digime-sdk", "0.1.0", [CRATE], {("some-crate", "1.2.3"): "00"})
    metadata = bill["metadata"]
    assert isinstance(metadata, dict)
    assert metadata["component"]["name"] == "digime-sdk"
    assert metadata["component"]["purl"] == "pkg:pypi/digime-sdk@0.1.0"
    assert bill["dependencies"] == [{"ref": "pkg:pypi/digime-sdk@0.1.0", "dependsOn": ["pkg:cargo/some-crate@1.2.3"]}]


def test_the_notices_name_what_is_linked_beside_crates() -> None:
    text = notices([CRATE], {CRATE.title: ["Copyright (c) Somebody"]})
    assert "- musl, the C library, on Linux with musl: MIT" in text
    assert "Rich Felker" in text
    assert "- The standard library of Rust: MIT OR Apache-2.0" in text
