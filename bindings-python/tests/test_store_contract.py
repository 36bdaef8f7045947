"""The contract test for stores finds each way to break a promise, and nothing in stores that keep them."""

from __future__ import annotations

import asyncio
import copy
import sys
import threading
from functools import partial
from pathlib import Path
from typing import Any, Callable, Optional

import digime_sdk.testing
import pytest
from digime_sdk.testing import BrokenPromise, check_link_store
from store_server import METHODS, Client, Server, copied
from stores import LateStore, SimpleStore, store_of_the_readme

RUNS = 100


def check(store: Callable[[Server], object], runs: int, seed: Optional[int] = None) -> None:
    server = Server()
    check_link_store(partial(store, server), database=server, runs=runs, seed=seed)


def broken(store: Callable[[Server], object], seed: int = 1) -> BrokenPromise:
    with pytest.raises(BrokenPromise) as caught:
        check(store, RUNS, seed)
    return caught.value


def test_it_finds_nothing_in_a_store_that_keeps_its_promises() -> None:
    check(Client, 40)


class Asynchronous:
    """The same store for an event loop."""

    def __init__(self, server: Server) -> None:
        self.client = Client(server)

    def __getattr__(self, name: str) -> Any:
        if name not in METHODS:
            raise AttributeError(name)

        async def method(told: Any) -> Any:
            await asyncio.sleep(0)
            return getattr(self.client, name)(told)

        return method


def test_it_finds_nothing_in_an_asynchronous_one() -> None:
    check(Asynchronous, 40)


@pytest.mark.parametrize("made", [SimpleStore, LateStore])
def test_it_finds_nothing_in_the_stores_of_these_tests(made: Callable[[], object]) -> None:
    store = made()
    check_link_store(lambda: store, runs=30)


def test_it_finds_nothing_in_the_store_of_the_readme(tmp_path: Path) -> None:
    store = store_of_the_readme(tmp_path)
    check_link_store(lambda: store, runs=30)


def test_it_finds_a_store_that_compares_versions_as_text() -> None:
    class Store(Client):
        def put_link(self, told: Any) -> Any:
            stored, expected = self.version(told["link"]), told["expected_version"]
            # As `WHERE version <= ?` does in a column of text.
            passes = stored is not None and expected is not None and str(stored) <= str(expected)
            return super().put_link({**told, "expected_version": stored if passes else expected})

    assert broken(Store).promise == "version"


def test_it_finds_a_store_that_compares_versions_as_floats() -> None:
    class Store(Client):
        def put_link(self, told: Any) -> Any:
            stored, expected = self.version(told["link"]), told["expected_version"]
            passes = stored is not None and expected is not None and float(stored) == float(expected)
            return super().put_link({**told, "expected_version": stored if passes else expected})

    assert broken(Store).promise == "version"


def test_it_finds_a_store_that_answers_before_what_it_has_written_is_durable() -> None:
    class Store(Client):
        def put_link(self, told: Any) -> Any:
            self.server.reach()
            answer = self.server.rows.put_link(told)
            threading.Timer(0.02, self.save, [self.server.incarnation]).start()
            return answer

        def save(self, incarnation: int) -> None:
            if self.server.incarnation == incarnation:
                self.server.save()

    assert broken(Store).promise == "durable"


def test_it_finds_a_store_that_reads_from_a_replica_that_lags_behind() -> None:
    class Store(Client):
        def get_link(self, told: Any) -> Any:
            self.server.reach()
            threading.Timer(0.005, self.follow).start()
            return self.server.replica.get_link(told)

        def follow(self) -> None:
            self.server.replica = copied(self.server.rows)

    assert broken(Store).promise == "fresh"


def test_it_finds_a_store_that_keeps_what_it_has_read() -> None:
    class Store(Client):
        def __init__(self, server: Server) -> None:
            super().__init__(server)
            self.read: dict[str, Any] = {}

        def get_link(self, told: Any) -> Any:
            if str(told) not in self.read:
                self.read[str(told)] = super().get_link(told)
            return self.read[str(told)]

        def put_link(self, told: Any) -> Any:
            self.read.clear()
            return super().put_link(told)

    assert broken(Store).promise == "fresh"


def test_it_finds_a_store_that_swallows_a_conflict() -> None:
    class Store(Client):
        def put_link(self, told: Any) -> Any:
            super().put_link(told)
            return True

    assert broken(Store).promise in ("version", "public_id", "once")


def test_it_finds_a_store_that_compares_in_one_step_and_writes_in_another() -> None:
    class Store(Client):
        def put_link(self, told: Any) -> Any:
            if self.version(told["link"]) != told["expected_version"]:
                return False
            return super().put_link({**told, "expected_version": self.version(told["link"])})

    assert broken(Store).promise == "once"


def test_it_finds_an_asynchronous_store_that_compares_in_one_step_and_writes_in_another() -> None:
    class Store(Asynchronous):
        async def put_link(self, told: Any) -> Any:
            if self.client.version(told["link"]) != told["expected_version"]:
                return False
            await asyncio.sleep(0)
            return self.client.put_link({**told, "expected_version": self.client.version(told["link"])})

    assert broken(Store).promise == "once"


def test_it_finds_a_store_that_drops_members_that_it_does_not_know() -> None:
    class Store(Client):
        def put_link(self, told: Any) -> Any:
            known = {name: value for name, value in told["link"].items() if not name.startswith("added")}
            return super().put_link({**told, "link": known})

    assert broken(Store).promise == "members"


def test_it_finds_a_store_that_ignores_after() -> None:
    class Store(Client):
        def list_links(self, told: Any) -> Any:
            return super().list_links({**told, "after": ""})

    assert broken(Store).promise == "listed"


def test_it_finds_a_store_that_lets_through_what_its_filter_should_not() -> None:
    class Store(Client):
        def filter_links(self, told: Any) -> Any:
            return self.list_links({name: told[name] for name in ("platform", "after", "limit")})

    assert broken(Store).promise == "listed"


def test_it_finds_a_store_that_ends_where_no_link_of_a_page_is_let_through() -> None:
    class Store(Client):
        def filter_links(self, told: Any) -> Any:
            page = self.list_links({name: told[name] for name in ("platform", "after", "limit")})
            return [link for link in page if told["filter"]["status"] in (None, link["status"])]

    assert broken(Store).promise == "listed"


def test_it_finds_a_store_that_cuts_what_is_sealed_at_the_last_letter() -> None:
    class Store(Client):
        def put_link(self, told: Any) -> Any:
            return super().put_link({**told, "link": {**told["link"], "sealed": told["link"]["sealed"][:65_535]}})

    assert broken(Store).promise == "written"


def test_it_finds_a_store_that_keeps_255_letters_of_an_id() -> None:
    def cut(record: Any) -> Any:
        return {**record, "app_user_id": record["app_user_id"][:255]} if record.get("app_user_id") else record

    class Store(Client):
        def ask(self, method: str, told: Any) -> Any:
            return super().ask(method, {**told, "link": cut(told["link"])} if "link" in told else cut(told))

    assert broken(Store).promise in ("apart", "written", "version", "refused")


def test_it_finds_a_store_that_finds_no_page_after_a_link_that_is_gone() -> None:
    class Store(Client):
        def list_links(self, told: Any) -> Any:
            key = {"platform": told["platform"], "app_user_id": told["after"]}
            return [] if told["after"] and self.get_link(key) is None else super().list_links(told)

    assert broken(Store).promise == "listed"


def test_it_finds_a_store_that_heeds_no_public_id() -> None:
    class Store(Client):
        def put_link(self, told: Any) -> Any:
            self.server.reach()
            link = told["link"]
            alone: Any = {**link, "public_id": f"{link['app_user_id']} {link['public_id']}"}
            if not self.server.rows.put_link({"link": alone, "expected_version": told["expected_version"]}):
                return False
            self.server.rows.links[link["platform"], link["app_user_id"]] = link
            self.server.save()
            return True

    assert broken(Store).promise in ("public_id", "once")


def test_it_finds_a_store_that_lets_nobody_share_a_public_id() -> None:
    class Store(Client):
        def put_link(self, told: Any) -> Any:
            link = told["link"]
            others = self.find_links({"platform": link["platform"], "public_id": link["public_id"]})
            is_anothers = any(other["app_user_id"] != link["app_user_id"] for other in others)
            return False if is_anothers else super().put_link(told)

    assert broken(Store).promise == "version"


def test_it_finds_a_store_that_removes_attempts_of_other_platforms() -> None:
    class Store(Client):
        def remove_attempts(self, told: Any) -> Any:
            for platform in {platform for platform, _ in self.server.rows.attempts}:
                super().remove_attempts({**told, "platform": platform})

    assert broken(Store, seed=2).promise == "expired"


def test_it_finds_a_store_that_tells_ids_apart_by_their_letters_whether_upper_or_lower_case() -> None:
    class Store(Client):
        def ask(self, method: str, told: Any) -> Any:
            def lower(record: Any) -> Any:
                whose = record.get("app_user_id")
                return record if whose is None else {**record, "app_user_id": whose.lower()}

            return super().ask(method, {**told, "link": lower(told["link"])} if "link" in told else lower(told))

    assert broken(Store).promise in ("apart", "written", "version")


def test_it_finds_a_store_that_says_that_nothing_is_stored_while_its_database_is_away() -> None:
    class Store(Client):
        def get_link(self, told: Any) -> Any:
            try:
                return super().get_link(told)
            except ConnectionError:
                return None

    assert broken(Store).promise == "away"


def test_what_a_method_fails_of_is_the_cause_of_the_failure() -> None:
    failure = RuntimeError("too many connections")

    class Store(Client):
        def put_attempt(self, told: Any) -> Any:
            raise failure

    error = broken(Store)
    assert error.promise == "works"
    assert error.__cause__ is failure


def test_a_failure_has_the_promise_the_shortest_calls_that_lead_there_and_the_seed() -> None:
    class Store(Client):
        def list_links(self, told: Any) -> Any:
            return super().list_links({**told, "after": ""})

    error = broken(Store, seed=7)
    promise, found, _, *calls, again = str(error).splitlines()
    assert promise.startswith("The store breaks a promise. `list_links` gives each link of a platform once")
    assert found.startswith("Found: ")
    assert found.split("gave ")[1].startswith("['a'], and should have given []")
    assert len(calls) == 1
    assert calls[0].startswith('  1. a.put_link({"link": {"platform": ')
    assert again == "The same calls are made again with seed=7."


def test_records_that_others_have_are_left_alone_and_none_of_the_checks_stays() -> None:
    store = SimpleStore()
    link: Any = {"platform": "pkb:other", "app_user_id": "a", "public_id": "public-0", "version": 3}
    store.put_link({"link": copy.deepcopy(link), "expected_version": None})
    check_link_store(lambda: store, runs=30)
    assert list(store.links.values()) == [link]
    assert store.attempts == {}


def test_without_hypothesis_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "hypothesis", None)
    with pytest.raises(ImportError, match=r"check_link_store needs Hypothesis: pip install digime-sdk\[testing\]"):
        digime_sdk.testing.check_link_store(SimpleStore)


def test_where_an_event_loop_runs_it_says_how_to_call_it() -> None:
    async def called() -> None:
        check_link_store(SimpleStore)

    with pytest.raises(RuntimeError, match=r"asyncio\.to_thread"):
        asyncio.run(called())
