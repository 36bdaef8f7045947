"""On which machine it was measured: without that, the figures are nobody's."""

from __future__ import annotations

import os
import platform
from pathlib import Path
from typing import Any

_WIDE_SIGNATURES = "avx512ifma"
"""What aws-lc makes RSA signatures with where a processor has it, in less than half the time."""


def machine() -> dict[str, Any]:
    """Give what decides about the figures."""
    described = Path("/proc/cpuinfo").read_text()
    fields = [line.partition(":") for line in described.splitlines()]
    values = {name.strip(): value.strip() for name, _, value in reversed(fields)}
    return {
        "cpu": values.get("model name", platform.machine()),
        "avx512ifma": _WIDE_SIGNATURES in values.get("flags", "").split(),
        "cores": os.cpu_count(),
        "kernel": platform.release(),
    }


def in_words(of: dict[str, Any]) -> str:
    """Give it in one line."""
    wide = "with" if of["avx512ifma"] else "without"
    return f"{of['cpu']}, {wide} AVX512-IFMA, {of['cores']} cores, Linux {of['kernel']}"
