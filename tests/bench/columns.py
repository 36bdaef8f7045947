"""Who does the work: the SDK in each language, and the plain clients beside it; and how each is started."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_HERE = Path(__file__).resolve().parent

FLOOR = "floor"
"""The column that nobody does: what the work must cost."""

RUST, NODE, ASYNCIO, BLOCKING = SDK = ("rust", "node", "asyncio", "blocking")
NODE_PLAIN, NODE_PLAIN_KEY, PYTHON_PLAIN, PYTHON_PLAIN_KEY = PLAIN = (
    "node-plain",
    "node-plain-key",
    "python-plain",
    "python-plain-key",
)
"""Plain clients have the PEM text in hand, as applications do; or, for comparison, a key that was parsed once."""

SQLITE, POSTGRES = STORES = ("SQLite", "PostgreSQL")
SIZES = (10_000, 100_000, 1_000_000)
"""How many connections a store may have."""


def of_size(store: str, connections: int) -> str:
    """Give the column of a store with so many connections."""
    return f"{store} {connections:,}"


HEADINGS = {
    FLOOR: "floor",
    RUST: "Rust",
    NODE: "Node",
    ASYNCIO: "asyncio",
    BLOCKING: "blocking",
    NODE_PLAIN: "Node",
    NODE_PLAIN_KEY: "Node, key",
    PYTHON_PLAIN: "Python",
    PYTHON_PLAIN_KEY: "Python, key",
}

_IMPORTED_IN_NODE = ("got", "jsonwebtoken", "node:crypto", "node:zlib")
_IMPORTED_IN_PYTHON = ("asyncio", "httpx", "jwt", "brotli", "cryptography.hazmat.primitives.asymmetric.padding")


@dataclass(frozen=True)
class Programs:
    """What the columns are run with."""

    bench: Path
    """The binary `digime-bench`."""
    node: str
    sdk_node: Path
    """The folder of the Node package."""
    python: str
    """A Python that has the SDK and what the plain client needs."""

    def command(self, column: str, work: str, size: int) -> Sequence[str]:
        """Give what prints the figures of a work."""
        if work == "import":
            return self._import(column)
        task = (work, str(size))
        # Whoever takes the time of a fresh process is there before it.
        in_node = (self.node, *((str(_HERE / "node/starting.mjs"),) if work == "start" else ()))
        in_python = (self.python, *((str(_HERE / "python/starting.py"),) if work == "start" else ()))
        return {
            RUST: (str(self.bench), "work", *task),
            NODE: (*in_node, str(_HERE / "node/sdk.mjs"), *task),
            ASYNCIO: (*in_python, str(_HERE / "python/sdk_asyncio.py"), *task),
            BLOCKING: (*in_python, str(_HERE / "python/sdk_blocking.py"), *task),
            NODE_PLAIN: (*in_node, str(_HERE / "node/plain.mjs"), *task),
            NODE_PLAIN_KEY: (*in_node, str(_HERE / "node/plain.mjs"), *task, "parsed"),
            PYTHON_PLAIN: (*in_python, str(_HERE / "python/plain.py"), *task),
            PYTHON_PLAIN_KEY: (*in_python, str(_HERE / "python/plain.py"), *task, "parsed"),
        }[column]

    def _import(self, column: str) -> Sequence[str]:
        in_node = (self.node, str(_HERE / "node/importing.mjs"))
        in_python = (self.python, str(_HERE / "python/importing.py"))
        return {
            NODE: (*in_node, str(self.sdk_node)),
            ASYNCIO: (*in_python, "digime_sdk"),
            BLOCKING: (*in_python, "digime_sdk.blocking"),
            NODE_PLAIN: (*in_node, *_IMPORTED_IN_NODE),
            PYTHON_PLAIN: (*in_python, *_IMPORTED_IN_PYTHON),
        }[column]
