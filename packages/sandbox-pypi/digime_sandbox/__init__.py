"""digi.me and Patients Know Best on this machine, for tests and first steps.

    from digime_sandbox import start_sandbox

    with start_sandbox() as sandbox:
        os.environ.update(sandbox.environment)

The fixture `digime_sandbox` of pytest is such a sandbox. Everything that it knows is invented, and ends with it.
"""

from ._announcement import (
    AnnouncedContract,
    AnnouncedCustomer,
    AnnouncedPerson,
    AnnouncedPkb,
    AnnouncedSystem,
    Announcement,
    Contracts,
)
from ._sandbox import Sandbox, start_sandbox

__all__ = [
    "AnnouncedContract",
    "AnnouncedCustomer",
    "AnnouncedPerson",
    "AnnouncedPkb",
    "AnnouncedSystem",
    "Announcement",
    "Contracts",
    "Sandbox",
    "start_sandbox",
]
