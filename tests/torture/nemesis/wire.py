"""The wire of a process to all others: each packet passes here, is lost, is late, or is cut off."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import struct
import subprocess
from dataclasses import dataclass, field
from random import Random

from .enclosure import run

HOST = "10.77.0.1"
"""Where processes find the store and the platform."""

_TUNSETIFF = 0x400454CA
_IFF_TUN = 0x0001
_IFF_NO_PI = 0x1000
_LARGEST = 1 << 16
_TCP = 6
_IPV4 = 4


@dataclass
class Weather:
    """How packets fare on a wire."""

    loss: float = 0.0
    """The share that is lost."""
    slowest_s: float = 0.0
    """How long one takes at most; some take less."""
    no_way_to: set[int] = field(default_factory=set[int])
    """The ports that nothing arrives at."""
    no_way_from: set[int] = field(default_factory=set[int])
    """The ports from which nothing comes back."""


class Wire:
    """The wire of one place, and the network at its end, which lasts as long as this program."""

    def __init__(self, place: int, random: Random) -> None:
        self.weather = Weather()
        self._random = random
        self._name = f"far{place}"
        # A network lives as long as somebody is in it.
        self._tenant = subprocess.Popen(
            ["unshare", "--net", "sh", "-c", "echo; exec sleep infinity"], stdout=subprocess.PIPE
        )
        if self._tenant.stdout is not None:
            self._tenant.stdout.readline()
        near, self._near = f"near{place}", _device(f"near{place}")
        self._far = _device(self._name)
        address = f"10.77.1.{place + 1}"
        run("ip", "link", "set", near, "up")
        run("ip", "route", "add", address, "dev", near, "src", HOST)
        run("ip", "link", "set", self._name, "netns", str(self._tenant.pid))
        self._within("ip", "link", "set", "lo", "up")
        self._within("ip", "address", "add", f"{address}/32", "dev", self._name)
        self.join()
        loop = asyncio.get_running_loop()
        loop.add_reader(self._far, self._carry, self._far, self._near, True)  # noqa: FBT003 - which way
        loop.add_reader(self._near, self._carry, self._near, self._far, False)  # noqa: FBT003

    @property
    def entry(self) -> list[str]:
        """Give what runs the command after it at the far end."""
        return ["nsenter", f"--net=/proc/{self._tenant.pid}/ns/net"]

    def part(self) -> None:
        """Take the link down, which the far end notices at once."""
        self._within("ip", "link", "set", self._name, "down")

    def join(self) -> None:
        """Bring it up again."""
        self._within("ip", "link", "set", self._name, "up")
        self._within("ip", "route", "replace", "default", "dev", self._name)

    def _within(self, *command: str) -> None:
        run(*self.entry, *command)

    def _carry(self, coming: int, going: int, is_outward: bool) -> None:  # noqa: FBT001 - for `add_reader`, which has no names
        with contextlib.suppress(BlockingIOError):
            while packet := os.read(coming, _LARGEST):
                if not self._is_lost(packet, is_outward=is_outward):
                    delay = self._random.uniform(0, self.weather.slowest_s) if self.weather.slowest_s else 0
                    if delay:
                        asyncio.get_running_loop().call_later(delay, _write, going, packet)
                    else:
                        _write(going, packet)

    def _is_lost(self, packet: bytes, *, is_outward: bool) -> bool:
        if packet[0] >> 4 != _IPV4:
            return True
        if self._random.random() < self.weather.loss:
            return True
        if packet[9] != _TCP:
            return False
        source, destination = struct.unpack_from("!HH", packet, (packet[0] & 15) * 4)
        return destination in self.weather.no_way_to if is_outward else source in self.weather.no_way_from


def _write(device: int, packet: bytes) -> None:
    # Nothing goes over a link that is down.
    with contextlib.suppress(OSError):
        os.write(device, packet)


def _device(name: str) -> int:
    """Make a network device whose packets are read from, and written to, what is given."""
    device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(device, _TUNSETIFF, struct.pack("16sH22x", name.encode(), _IFF_TUN | _IFF_NO_PI))
    return device
