"""Runs one suite of tests and closes it with how long it took and one line, whichever tool runs it: `name: N passed, N failed`."""

from __future__ import annotations

import re
import subprocess
import sys
import time

# How each tool says how many passed and failed; the last line that matches counts.
_SUMMARIES = (
    re.compile(r"tests? run: (?P<passed>\d+) passed(?:.*?, (?P<failed>\d+) failed)?"),  # cargo nextest
    re.compile(r"test result: \w+\. (?P<passed>\d+) passed; (?P<failed>\d+) failed"),  # cargo test
    re.compile(r"^(?:(?P<failed>\d+) failed, )?(?P<passed>\d+) passed"),  # pytest, and this project's own runners
    re.compile(r"^(?P<passed>\d+) passed, (?P<failed>\d+) failed"),
)
_NODE_PASSED = re.compile(r"^(?:#|ℹ) pass (\d+)")
_NODE_FAILED = re.compile(r"^(?:#|ℹ) fail (\d+)")
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


def main() -> int:
    """Run the command after `--`, show what it prints, and count."""
    name, separator, *command = sys.argv[1:]
    if separator != "--" or not command:
        print("usage: suite.py NAME -- COMMAND…", file=sys.stderr)
        return 2
    passed = failed = 0
    began = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        for line in process.stdout or ():
            print(line, end="", flush=True)
            plain = _COLOURS.sub("", line).strip()
            if match := _NODE_PASSED.match(plain):
                passed = int(match[1])
            elif match := _NODE_FAILED.match(plain):
                failed = int(match[1])
            elif match := next((found for summary in _SUMMARIES if (found := summary.search(plain))), None):
                passed, failed = int(match["passed"]), int(match["failed"] or 0)
    print(f"{name} took {time.monotonic() - began:.0f} s", flush=True)
    if process.returncode == 0 and passed == 0:
        print(f"{name} ran no test")
        return 1
    print(f"{name}: {passed} passed, {max(failed, 1) if process.returncode else failed} failed", flush=True)
    return process.returncode


if __name__ == "__main__":
    sys.exit(main())
