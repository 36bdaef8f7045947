"""Keys that a service wraps, in plain code and in asyncio, and what is done with many connections at once."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import digime_sdk
import pytest
from connecting import USER, Place
from flavours import FLAVOURS
from stores import SimpleStore

if TYPE_CHECKING:
    from digi_me import DigiMe


@pytest.fixture(params=FLAVOURS)
def place(request: pytest.FixtureRequest, digi_me: DigiMe) -> Place:
    return Place(digi_me, FLAVOURS[request.param], SimpleStore())


class Service:
    """Wraps keys by a mask that it shows to nobody; as text, if it is said so."""

    def __init__(self, mask: int, *, text: bool = False) -> None:
        self.mask = mask
        self.text = text
        self.away = False
        self.asked: list[str] = []

    def wrap(self, key: bytes) -> bytes | str:
        self.asked.append("wrap")
        wrapped = self.masked(key)
        return f"v1:{base64.b64encode(wrapped).decode()}" if self.text else wrapped

    def unwrap(self, wrapped: Any) -> bytes | str:
        self.asked.append("unwrap")
        if not self.text:
            return self.masked(wrapped)
        return base64.b64encode(self.masked(base64.b64decode(wrapped.removeprefix("v1:")))).decode()

    def masked(self, key: bytes) -> bytes:
        if self.away:
            msg = "the service is away"
            raise ConnectionError(msg)
        return bytes(byte ^ self.mask for byte in key)

    def functions(self, **more: Any) -> Any:
        return {"wrap": self.wrap, "unwrap": self.unwrap, **more}


@pytest.mark.parametrize("text", [False, True])
def test_what_one_process_has_sealed_another_opens_by_the_service(place: Place, *, text: bool) -> None:
    service = Service(7, text=text)
    place.connected(encryption_key=service.functions())
    assert service.asked == ["wrap", "unwrap"]
    other = place.init(encryption_key=service.functions(cache_for=60_000))
    for _ in range(2):
        assert place.call(other.read_accounts, **place.user)["accounts"]
    assert service.asked == ["wrap", "unwrap", "unwrap"]


def test_a_call_raises_what_a_function_of_the_service_raises_and_spends_nothing(place: Place) -> None:
    service = Service(7)
    place.connected(encryption_key=service.functions())
    place.digi_me.control("expire-access-tokens")
    before = place.digi_me.refreshes()
    other = place.init(encryption_key=service.functions(cacheFor=60_000))
    service.away = True
    with pytest.raises(ConnectionError, match="the service is away"):
        place.call(other.read_accounts, **place.user)
    assert place.digi_me.refreshes() == before
    contract_id = place.contract["contract_id"]
    assert not place.call(other.check, contract_id=contract_id)["ready"]
    service.away = False
    assert place.call(other.read_accounts, **place.user)["accounts"]


def test_asynchronous_functions_wrap_keys_in_asyncio_and_are_refused_in_plain_code(place: Place) -> None:
    service = Service(7)

    async def wrap(key: bytes) -> bytes | str:
        return service.wrap(key)

    async def unwrap(wrapped: bytes) -> bytes | str:
        return service.unwrap(wrapped)

    functions = {"wrap": wrap, "unwrap": unwrap}
    if place.flavour is FLAVOURS["blocking"]:
        with pytest.raises(digime_sdk.TypeValidationError, match=r"config\.encryption_key\.(un)?wrap"):
            place.init(encryption_key=functions)
        return
    place.connected(encryption_key=functions)
    assert place.call(place.init(encryption_key=functions).read_accounts, **place.user)["accounts"]
    assert service.asked == ["wrap", "unwrap", "unwrap"]


def test_a_pair_of_functions_that_is_none_is_refused_in_pythons_words(place: Place) -> None:
    service = Service(7)
    wrong: list[tuple[Any, str]] = [
        ({"wrap": service.wrap}, "config.encryption_key.unwrap"),
        (service.functions(cache_for=999), "config.encryption_key.cache_for"),
        (service.functions(cache_fr=5000), "config.encryption_key.cache_fr"),
        ({"wrap": service.wrap, "unwrapp": service.unwrap}, "config.encryption_key.unwrapp"),
        (7, "config.encryption_key"),
    ]
    for encryption_key, path in wrong:
        with pytest.raises(digime_sdk.TypeValidationError) as refused:
            place.init(encryption_key=encryption_key)
        assert refused.value.path == path


def test_many_users_are_brought_in_counted_and_removed_with_their_attempts(place: Place) -> None:
    sdk = place.connected()
    contract_id = place.contract["contract_id"]
    token = place.call(sdk.export_connection, **place.named)
    users = [{"app_user_id": f"user-{number}", "user_access_token": token} for number in range(1, 700)]
    done = place.call(sdk.import_connections, contract_id=contract_id, connections=users)
    assert done == {"imported": 698, "present": 1, "refused": []}
    counted = place.call(sdk.count_connections, contract_id=contract_id)
    assert counted == {"active": 699, "uncertain": 0, "expired": 0}
    with pytest.raises(digime_sdk.TypeValidationError) as refused:
        place.call(sdk.import_connections, contract_id=contract_id, connections=[*users, {"app_user_id": "user-0"}])
    assert refused.value.path == "options.connections[699].user_access_token"
    place.sent(sdk)
    assert isinstance(place.store, SimpleStore)
    assert {each["app_user_id"] for each in place.store.attempts.values()} == {USER}
    place.call(sdk.disconnect, **place.named)
    assert place.store.attempts == {}
