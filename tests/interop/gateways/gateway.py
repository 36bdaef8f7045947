"""What gateways have in common: they are installed where missing, configured, started on free ports, and stopped."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from debian import install

from .authority import Certificate

_USER = "nobody"
_PATH = f"{os.environ['PATH']}:/usr/local/sbin:/usr/sbin:/sbin"
"""Debian has servers where only root looks for programs."""


@dataclass(frozen=True)
class Setting:
    """What a gateway is told."""

    sandbox: int
    """The port of what it stands before."""
    largest_body: int
    """From how many bytes on a body is refused."""
    certificate: Certificate
    idle: int = 60
    """After how many seconds a connection that is not used is closed."""
    requests: int = 1000
    """How many requests a connection serves, where they are counted."""


@dataclass(frozen=True)
class Place:
    """Where a gateway runs: everything that it writes is in its folder."""

    setting: Setting
    folder: Path
    plain: int
    """Its port for HTTP/1.1."""
    tls: int
    """Its port for TLS."""
    inner: int
    """A port between its own programs, where it takes two."""

    @property
    def origins(self) -> dict[str, str]:
        """Where it is reached, by the protocol: in the clear and with TLS."""
        return {"HTTP": f"http://127.0.0.1:{self.plain}", "TLS": f"https://127.0.0.1:{self.tls}"}

    @property
    def chain(self) -> str:
        """The file of the certificate."""
        return self.write("chain.pem", self.setting.certificate.chain.read_text(encoding="ascii"))

    @property
    def key(self) -> str:
        """The file of its key."""
        return self.write("key.pem", self.setting.certificate.key.read_text(encoding="ascii"))

    @property
    def both(self) -> str:
        """The file of both, which some want."""
        files = (self.setting.certificate.chain, self.setting.certificate.key)
        return self.write("both.pem", "".join(file.read_text(encoding="ascii") for file in files))

    def write(self, name: str, text: str) -> str:
        """Write a file into the folder, and give its path."""
        path = self.folder / name
        path.write_text(text, encoding="ascii")
        return str(path)


@dataclass(frozen=True)
class Gateway:
    """A gateway, of Debian's packages."""

    name: str
    packages: tuple[str, ...]
    programs: tuple[str, ...]
    """What the packages must have brought."""
    commands: Callable[[Place], list[list[str]]]
    """Writes the configuration, and gives the commands that serve by it."""
    speaks_http2: bool = True
    """With TLS; HTTP/1.1 otherwise."""
    ended_by: signal.Signals = signal.SIGTERM
    """What ends it at once."""
    measures_streams: bool = True
    """Whether its limit holds for a body whose length is not announced."""
    streams_over_http2: bool = True
    """Whether it takes such a body over HTTP/2 at all."""
    too_large: tuple[int, ...] = (413,)
    """What it may answer to a body beyond its limit."""

    def __str__(self) -> str:
        """Give its name, by which tests are told apart."""
        return self.name

    @contextmanager
    def running(self, setting: Setting) -> Generator[Place]:
        """Run it until the end of the block."""
        if any(shutil.which(program, path=_PATH) is None for program in self.programs):
            install(*self.packages)
        with tempfile.TemporaryDirectory(prefix=f"digime-{self.programs[0]}-", ignore_cleanup_errors=True) as name:
            place = Place(setting, Path(name), *_free_ports(3))
            commands = self.commands(place)
            if os.geteuid() == 0:
                _give_away(place.folder)
            with ExitStack() as stack:
                serving = (_serving(command, place.folder, self.ended_by) for command in commands)
                processes = [stack.enter_context(each) for each in serving]
                for port in (place.plain, place.tls):
                    _wait_for(port, processes, place.folder)
                yield place


@contextmanager
def _serving(command: list[str], folder: Path, ended_by: signal.Signals) -> Generator[subprocess.Popen[bytes]]:
    # It ends with this process, however that ends.
    prefix = ["setpriv", "--pdeathsig=TERM"]
    if os.geteuid() == 0:
        prefix += [f"--reuid={_USER}", f"--regid={pwd.getpwnam(_USER).pw_gid}", "--clear-groups"]
    environment = {"PATH": _PATH, "HOME": str(folder), "TMPDIR": str(folder)}
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(
            [*prefix, *command], cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )
    try:
        yield process
    finally:
        process.send_signal(ended_by)
        process.wait()


def _wait_for(port: int, processes: list[subprocess.Popen[bytes]], folder: Path) -> None:
    """Return when it takes connections."""
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            for process in processes:
                try:
                    process.wait(0.01)
                except subprocess.TimeoutExpired:
                    continue
                log = (folder / "log").read_text(encoding="utf-8", errors="replace")
                message = f"{process.args!r} did not start: {log}"
                raise RuntimeError(message) from None
        else:
            return


def _free_ports(count: int) -> Iterator[int]:
    """Give ports that are free, all of them different."""
    with ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        ports: list[int] = [probe.getsockname()[1] for probe in probes]
    return iter(ports)


def _give_away(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        shutil.chown(path, _USER)
