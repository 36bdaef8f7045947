"""A user of an application who is connected to digi.me, in both flavours of the SDK."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from digi_me import DigiMe
    from flavours import Flavour

CALLBACK = "http://127.0.0.1/return"
USER = "user-1"


class Place:
    """digi.me, a store, and one of the flavours of the SDK that uses both."""

    def __init__(self, digi_me: DigiMe, flavour: Flavour, store: object) -> None:
        self.digi_me = digi_me
        self.flavour = flavour
        self.call = flavour.call
        self.store = store
        self.contract = digi_me.read_contract
        self.named = {"app_user_id": USER, "contract_id": self.contract["contract_id"]}
        self.user: dict[str, Any] = {"app_user_id": USER, "contract_details": self.contract}

    def init(self, **more: Any) -> Any:
        return self.flavour.init(**self.digi_me.keeping(**{"store": self.store, **more}))

    def sent(self, sdk: Any, decision: Literal["accept", "decline"] = "accept") -> str:
        """Give the address that a person comes back to who was sent away for the user."""
        return self.digi_me.decide(self.call(sdk.get_connect_url, **self.user, callback=CALLBACK)["url"], decision)

    def connected(self, **more: Any) -> Any:
        """Give the SDK with a connection of the user."""
        sdk = self.init(**more)
        self.call(sdk.complete_connect, **self.user, callback_url=self.sent(sdk))
        return sdk
