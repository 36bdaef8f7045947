"""Of a store of one's own those links are asked for that are wanted, where it can choose them."""

from __future__ import annotations

import time
from typing import Any

import pytest
from flavours import FLAVOURS, Flavour
from stores import SimpleStore
from test_importing import PKB, linked


class Counting(SimpleStore):
    """A store that counts what it is asked."""

    def __init__(self) -> None:
        super().__init__()
        self.pages = 0
        self.filters: list[Any] = []

    def list_links(self, query: Any) -> Any:
        self.pages += 1
        return super().list_links(query)


class Filtering(Counting):
    def filter_links(self, query: Any) -> Any:
        self.filters.append(query["filter"])
        return [link for link in self.links.values() if link["app_user_id"] == "user-7" > query["after"]]


class Eight:
    """A store without what it need not have."""

    def __init__(self) -> None:
        self._all = Counting()
        for name in ("get_link", "find_links", "list_links", "put_link", "remove_link"):
            setattr(self, name, getattr(self._all, name))
        for name in ("get_attempt", "put_attempt", "remove_attempts"):
            setattr(self, name, getattr(self._all, name))

    @property
    def pages(self) -> int:
        return self._all.pages


@pytest.mark.parametrize("flavour", FLAVOURS.values(), ids=FLAVOURS)
def test_of_a_store_that_filters_by_itself_only_those_are_asked_for_that_are_wanted(flavour: Flavour) -> None:
    wanted = {"status": "active", "refreshed_before": int(time.time() * 1000) + 60_000}
    stores: list[tuple[Any, int, int]] = [(Filtering(), 1, 0), (Eight(), 250, 4)]
    for store, count, pages in stores:
        sdk = flavour.init_pkb(**PKB, store=store)
        flavour.call(sdk.import_links, links=[linked(number) for number in range(250)])
        assert len(flavour.pages(sdk.list_links(**wanted))) == count
        assert store.pages == pages
        if isinstance(store, Filtering):
            assert store.filters == [wanted, wanted]
