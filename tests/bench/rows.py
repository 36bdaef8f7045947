"""What is done: which work, how often, by whom, and of which parts its floor is made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from columns import ASYNCIO, BLOCKING, NODE, NODE_PLAIN, PLAIN, PYTHON_PLAIN, SDK
from distances import FAR, NEAR

_PATIENCE = 10
"""How much less often the plain client in Python does what takes it very long with a PEM."""


class Overlap(Enum):
    """How much of a work can go on at once, which decides how fast it could be."""

    NONE = auto()
    """One part after another."""
    STAGES = auto()
    """All parts at once, so that the slowest decides."""
    CORES = auto()
    """As much as the cores can do."""


@dataclass(frozen=True)
class Row:
    """A work of one size."""

    name: str
    title: str
    unit: str
    work: str
    """What the programs call it."""
    size: int
    quick_size: int
    floor: tuple[str, ...]
    """What each of it takes, as `digime-bench floors` names it."""
    overlap: Overlap
    columns: tuple[str, ...]
    processes: int = 1
    """How many processes do it in a round, one after another."""
    distance: str = NEAR
    """Where the platform is."""

    def size_for(self, column: str, *, quick: bool) -> int:
        """Say how often this column does it."""
        if quick:
            return self.quick_size
        return self.size // _PATIENCE if column == PYTHON_PLAIN and self._is_slow_in_python() else self.size

    def _is_slow_in_python(self) -> bool:
        # Parsing a PEM takes it fifty milliseconds, which from afar is lost among others but for many files.
        if self.distance == NEAR:
            return self.unit in ("call", "file") and self.size > 1
        return self.work == "read"


_EVERYBODY = (*SDK, *PLAIN)
_WITH_PEM = (*SDK, NODE_PLAIN, PYTHON_PLAIN)
_IMPORTERS = (NODE, ASYNCIO, BLOCKING, NODE_PLAIN, PYTHON_PLAIN)
_READ = ("sign", "unwrap", "decryptFile", "brotliFile", "http.file")
_GRANT = ("sign", "verify", "http.token")
_PUSH = ("sign", "http.push")
_LARGE = ("sign", "unwrap", "brotliLarge", "http.file")
_UPLOAD = ("encryptMebibyte", "http.uploadMebibyte")
_DOWNLOAD = ("decryptMebibyte", "http.downloadMebibyte")

LARGE_MEBIBYTES, QUICK_LARGE_MEBIBYTES = 512, 1

_NEAR = (
    Row("authorize", "authorize URL", "call", "authorize", 1000, 2, _GRANT, Overlap.NONE, _EVERYBODY),
    Row("exchange", "code exchange", "call", "exchange", 1000, 2, _GRANT, Overlap.NONE, _EVERYBODY),
    Row("push", "push of 16 KiB", "call", "push", 1000, 2, _PUSH, Overlap.NONE, _EVERYBODY),
    Row("push16", "push of 16 KiB, 16 at once", "call", "push16", 1920, 16, _PUSH, Overlap.CORES, _EVERYBODY),
    Row("refused", "push refused at once (conversion)", "call", "refused", 2000, 2, (), Overlap.NONE, SDK[1:]),
    Row("read30", "readAllFiles, 30 files of 64 KiB", "file", "read", 30, 1, _READ, Overlap.CORES, SDK),
    Row("read300", "readAllFiles, 300 files of 64 KiB", "file", "read", 300, 2, _READ, Overlap.CORES, _EVERYBODY),
    Row("read3000", "readAllFiles, 3,000 files of 64 KiB", "file", "read", 3000, 3, _READ, Overlap.CORES, SDK),
    Row("large", "readAllFiles, a file of 512 MiB", "file", "large", 1, 1, _LARGE, Overlap.NONE, _WITH_PEM),
    Row("upload", "storage upload of 256 MiB", "MiB", "upload", 256, 1, _UPLOAD, Overlap.STAGES, _WITH_PEM),
    Row("download", "storage download of 256 MiB", "MiB", "download", 256, 1, _DOWNLOAD, Overlap.STAGES, _WITH_PEM),
    *(
        Row(name, title, "session", work, 20, 1, (), Overlap.NONE, SDK)
        for name, work, title in (
            ("waiting", "waiting", "waiting for 20 sessions at once"),
            ("waitingFixed", "waiting-fixed", "the same with an interval of 3 s"),
        )
    ),
    Row("init", "init", "client", "init", 1000, 2, ("sign",), Overlap.NONE, SDK),
    Row(
        "start",
        "import, init and the first answer",
        "process",
        "start",
        1,
        1,
        (),
        Overlap.NONE,
        _IMPORTERS,
        processes=5,
    ),
    Row("import", "import", "process", "import", 1, 1, (), Overlap.NONE, _IMPORTERS, processes=5),
)


def _far() -> Iterator[Row]:
    for distance, version in FAR.items():
        for name, title, unit, work, size, quick_size, processes in (
            ("cold", "authorize URL and code exchange of a fresh process", "process", "cold", 1, 1, 5),
            ("callback", "code exchange of a fresh process", "process", "callback", 1, 1, 5),
            ("push", "push of 16 KiB", "call", "push", 40, 2, 1),
            ("document", "push of 8 MiB", "call", "document", 20, 1, 1),
            ("read300", "readAllFiles, 300 files of 64 KiB", "file", "read", 300, 2, 1),
            ("documents30", "readAllFiles, 30 files of 8 MiB", "file", "documents", 30, 1, 1),
            ("upload", "storage upload of 256 MiB", "MiB", "upload", 256, 1, 1),
            ("download", "storage download of 256 MiB", "MiB", "download", 256, 1, 1),
            ("search", "fhirSearch, 20 pages", "page", "search", 20, 2, 1),
        ):
            yield Row(
                f"{distance}-{name}",
                f"from afar over {version}: {title}",
                unit,
                work,
                size,
                quick_size,
                (),
                Overlap.NONE,
                _WITH_PEM,
                processes,
                distance,
            )


ROWS = (*_NEAR, *_far())
