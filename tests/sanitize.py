"""The bindings' tests under AddressSanitizer, and a short round of each under valgrind: `sanitize.py FOLDER`, to build in.

The stable compiler has the instrumentation, behind RUSTC_BOOTSTRAP; what C there is (AWS-LC, SQLite) is compiled with
gcc's. Neither `node` nor `python` has it, so gcc's runtime is loaded before them. Leaks are not reported: both programs
end without freeing what they have, so that nothing could be told from it.

Reports decide. Tests that look at the time may fail, since all is several times slower, and are no reason to fail here.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.etree import ElementTree

from debian import install

_ROOT = Path(__file__).parents[1]
_NODE = _ROOT / "bindings-node"
_PYTHON = _ROOT / "bindings-python"
_INSTRUMENTED = b"__asan_report_load8"

# Tests that look at how much memory there is, of which the sanitizer keeps some; at the packages that are shipped; at
# what cargo prints, which does not run with a sanitizer loaded before it; or at what a forked child does, which waits
# for ever where a thread of its parent was in the sanitizer's allocator: that of gcc 12 has locks that no fork waits for.
_LEFT_OUT_OF_NODE = ("leaks", "buffers", "package", "surface")
_LEFT_OUT_OF_PYTHON = " and ".join(
    f"not {name}" for name in ("leave_nothing", "wheel", "test_types", "the_classes_are_those_of_the_table", "fork")
)

_OURS = ("_native.abi3.so", ".node")
_NEAR = 6
"""Among so many of the innermost frames is one of ours, where what is wrong is ours or what we call."""
_ROUND_OF_PYTHON = "tests/test_byte_streams.py"
_ROUND_OF_NODE = "test/bodies.test.mjs"


def main() -> int:
    """Build, and run all; give the exit code."""
    folder = Path(sys.argv[1]).absolute()
    if shutil.which("valgrind") is None:
        install("valgrind")
    package, addon = _built(folder)
    rounds = {
        "Python under AddressSanitizer": _python(folder, package),
        "Node under AddressSanitizer": _node(folder, addon),
        "Python under valgrind": _python_in_valgrind(folder),
        "Node under valgrind": _in_valgrind(folder, ["node", _ROUND_OF_NODE], _NODE, {}),
    }
    for name, passed in rounds.items():
        print(f"  {'✓' if passed else '✗'} {name}")
    failed = sum(not passed for passed in rounds.values())
    print(f"\n{len(rounds) - failed} passed, {failed} failed")
    return 1 if failed else 0


def _built(folder: Path) -> tuple[Path, Path]:
    """Build both bindings with the instrumentation; give the folder of Python's package, and Node's addon."""
    host = os.environ["CARGO_BUILD_TARGET"]
    environment = {
        "RUSTC_BOOTSTRAP": "1",
        "RUSTFLAGS": "-Zsanitizer=address",
        f"CFLAGS_{host.replace('-', '_')}": "-fsanitize=address -fno-omit-frame-pointer",
        "CARGO_TARGET_DIR": str(folder / "target"),
    }
    command = ["cargo", "build", "--package", "digime-sdk-node", "--package", "digime-sdk-python"]
    subprocess.run(command, cwd=_ROOT, env=os.environ | environment, check=True)
    libraries = folder / "target" / host / "debug"
    package, addon = folder / "python", folder / "digime-sdk.node"
    shutil.rmtree(package, ignore_errors=True)
    shutil.copytree(_PYTHON / "python", package, ignore=shutil.ignore_patterns("*.so"))
    copies = {"lib_native.so": package / "digime_sdk" / "_native.abi3.so", "libdigime_sdk_node.so": addon}
    for built, library in copies.items():
        shutil.copy(libraries / built, library)
        if _INSTRUMENTED not in library.read_bytes():
            message = f"{library} was built without instrumentation"
            raise RuntimeError(message)
    return package, addon


def _python(folder: Path, package: Path) -> bool:
    # Python's own allocator would hide what is read after it was freed.
    more = {"PYTHONMALLOC": "malloc", "PYTHONPATH": str(package)}
    return _in_sanitizer(folder, [sys.executable, "-m", "pytest", "--quiet", "-k", _LEFT_OUT_OF_PYTHON], _PYTHON, more)


def _node(folder: Path, addon: Path) -> bool:
    files = sorted(_NODE.glob("test/*.test.mjs"))
    kept = [str(file) for file in files if file.name.split(".")[0] not in _LEFT_OUT_OF_NODE]
    return _in_sanitizer(folder, ["node", "--test", *kept], _NODE, {"NAPI_RS_NATIVE_LIBRARY_PATH": str(addon)})


def _in_sanitizer(folder: Path, command: Sequence[str], where: Path, more: Mapping[str, str]) -> bool:
    """Run tests with the sanitizer, and say whether they come to their end and nothing is reported, in no process."""
    reports = folder / "reports"
    shutil.rmtree(reports, ignore_errors=True)
    reports.mkdir()
    found = subprocess.run(["gcc", "-print-file-name=libasan.so"], capture_output=True, text=True, check=True)
    options = f"detect_leaks=0:log_path={reports}/report"
    came_to_its_end = _run(command, where, {"LD_PRELOAD": found.stdout.strip(), "ASAN_OPTIONS": options, **more})
    reported = [report.read_text(errors="replace") for report in sorted(reports.iterdir())]
    print("".join(reported))
    # There may be warnings beside errors.
    return came_to_its_end and not any("ERROR: AddressSanitizer" in report for report in reported)


def _python_in_valgrind(folder: Path) -> bool:
    command = [sys.executable, "-m", "pytest", "--quiet", _ROUND_OF_PYTHON]
    return _in_valgrind(folder, command, _PYTHON, {"PYTHONMALLOC": "malloc"})


def _in_valgrind(folder: Path, command: Sequence[str], where: Path, more: Mapping[str, str]) -> bool:
    """Run tests under memcheck, and say whether they come to their end and nothing is found that is this project's.

    Of `python` and `node` themselves it finds much, whatever they run, and of what nobody frees at the end too.
    """
    found = folder / "valgrind.xml"
    valgrind = [
        "valgrind",
        "--quiet",
        "--smc-check=all-non-file",
        "--leak-check=no",
        "--xml=yes",
        f"--xml-file={found}",
    ]
    came_to_its_end = _run([*valgrind, *command], where, more)
    ours = [error for error in ElementTree.parse(found).iter("error") if _is_ours(error)]
    for error in ours:
        print(ElementTree.tostring(error, encoding="unicode"))
    return came_to_its_end and not ours


def _is_ours(error: ElementTree.Element) -> bool:
    if (error.findtext("kind") or "").startswith("Leak_"):
        return False
    frames = [frame for stack in error.iter("stack") for frame in list(stack.iter("frame"))[:_NEAR]]
    return any((frame.findtext("obj") or "").endswith(_OURS) for frame in frames)


def _run(command: Sequence[str], folder: Path, more: Mapping[str, str]) -> bool:
    # 1 is what both runners of tests say of tests that failed.
    return subprocess.run(command, cwd=folder, env=os.environ | more, check=False).returncode in {0, 1}


if __name__ == "__main__":
    sys.exit(main())
