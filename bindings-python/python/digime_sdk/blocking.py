"""The SDKs for plain code: the same calls as in `digime_sdk`, without `await`.

Its types are those of `digime_sdk`, but for the few that are here because what they hold is waited for in plain code.
"""

from . import _names, _pydantic
from ._blocking_all_files import AllFilesForAppUserReading, AllFilesReading
from ._blocking_byte_stream import ByteStream
from ._blocking_results import Results
from ._blocking_transport import Transport, TransportRequest, TransportResponse
from ._generated import blocking as _generated
from ._generated.blocking import *  # noqa: F403 - the SDKs and their types, as the module lists them

__all__ = [
    "AllFilesForAppUserReading",
    "AllFilesReading",
    "ByteStream",
    "Results",
    "Transport",
    "TransportRequest",
    "TransportResponse",
]
__all__ += _generated.__all__

_names.name_public(globals())
_pydantic.configure_for_pydantic(globals())
