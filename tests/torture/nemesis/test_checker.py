"""The checker, on histories written by hand: what is bad is found, and what is explained is counted apart."""

from __future__ import annotations

from dataclasses import replace

import pytest

from torture.platforms import Issued
from torture.relay import Presentation

from .checker import Excuse, Judgement, Promise, judge, longest_between
from .history import Call, Disturbance, History, Ill, Life, Link, Loss, Terms

LEASE_S = 4.0
STORE = frozenset({0, 1})
LINKER = 100
OVER = ("ERR_LINK_EXPIRED", "ERR_CONNECTION_EXPIRED")


def presentation(token: str, place: int, at: float, *, granted: str | None = None, took: float = 0.1) -> Presentation:
    """Give one; what is granted is named after the next token."""
    issued = Issued(f"access {granted}", granted) if granted else None
    return Presentation(token, place, at, at + took, issued, is_code=place == LINKER)


def a_history() -> History:
    """Give one of two processes that share a link, of which one has refreshed it once, and nothing befell anybody."""
    history = History(Terms(lease_s=LEASE_S, call_s=12, calm_from=1000), [STORE], [Life(0, 0, None), Life(1, 0, None)])
    history.links.append(Link("user", "Bobby", LINKER, 0, 1))
    history.presentations += [presentation("code", LINKER, 0.5, granted="r0"), presentation("r0", 0, 10, granted="r1")]
    for place in (0, 1):
        history.calls.append(a_call(place=place, began=9, ended=11))
        history.calls.append(a_call(place=place, began=1001, ended=1002))
    return history


def a_call(
    place: int = 0,
    began: float = 20.0,
    ended: float | None = 21.0,
    *,
    code: str | None = None,
    seen: str | None = None,
) -> Call:
    """Give one that asked for a token, if one is given, or else for the name, and succeeded, if there is no code."""
    saw = None if code or ended is None else seen or "Bobby"
    return Call(Life(place, 0, None), "user", "accessToken" if seen else "answer", began, ended, code, saw)


def breaches(judgement: Judgement) -> set[Promise]:
    """Give the promises that were broken."""
    return {promise for promise, breach in judgement.breaches.items() if breach}


def befallen(ill: Ill, began: float, ended: float, *places: int) -> Disturbance:
    """Give a disturbance."""
    return Disturbance(ill, frozenset(places), began, ended)


def test_a_history_in_which_nothing_happens_breaks_nothing() -> None:
    """A good one."""
    judgement = judge(a_history())
    assert breaches(judgement) == set()
    assert not judgement.explained


def test_a_token_that_is_spent_twice_for_no_reason_is_a_breach() -> None:
    """Everybody lived, and was reached."""
    history = a_history()
    history.presentations.append(presentation("r0", 1, 16))
    assert breaches(judge(history)) == {Promise.SPENT_ONCE}


@pytest.mark.parametrize(
    ("excuse", "ill"),
    [
        (Excuse.KEPT, befallen(Ill.FROZEN, 10.1, 15, 0)),
        (Excuse.KEPT, befallen(Ill.CUT_FROM_STORE, 10.1, 13, 0)),
        (Excuse.KEPT, befallen(Ill.STORE_AWAY, 9, 15, 0, 1, LINKER)),
        (Excuse.KEPT, befallen(Ill.DISK_FULL, 9, 15, 0, 1, LINKER)),
        (Excuse.LOST, befallen(Ill.CUT_FROM_PLATFORM, 10.05, 12, 0)),
        (Excuse.LOST, befallen(Ill.LINK_DOWN, 9.9, 12, 0)),
        (Excuse.LATE, befallen(Ill.BAD_WEATHER, 12, 15, 1)),
        (Excuse.LATE, befallen(Ill.LINK_DOWN, 11, 14, 1)),
    ],
)
def test_a_token_that_is_spent_twice_is_explained_by_what_befell_those_who_did(
    excuse: Excuse, ill: Disturbance
) -> None:
    """Each kind of disturbance of the one that had the answer, or of the network of the other."""
    history = a_history()
    history.presentations.append(presentation("r0", 1, 16))
    history.disturbances.append(ill)
    judgement = judge(history)
    assert breaches(judgement) == set()
    assert judgement.explained == {excuse: 1}


def test_what_befell_others_or_at_other_times_explains_nothing() -> None:
    """The same ills elsewhere."""
    for ill in (
        befallen(Ill.FROZEN, 10.1, 15, 1),
        befallen(Ill.CUT_FROM_STORE, 2, 4, 0),
        befallen(Ill.CUT_FROM_PLATFORM, 12, 14, 0),
        befallen(Ill.FROZEN, 14, 15.9, 0),
    ):
        history = a_history()
        history.presentations.append(presentation("r0", 1, 16))
        history.disturbances.append(ill)
        assert breaches(judge(history)) == {Promise.SPENT_ONCE}, ill


def test_the_death_of_who_had_the_answer_explains_it_unless_it_was_stored() -> None:
    """What was used had been stored."""
    history = a_history()
    history.lives[0] = Life(0, 0, 10.05)
    history.presentations.append(presentation("r0", 1, 16))
    assert judge(history).explained == {Excuse.DIED: 1}
    history.calls.append(a_call(place=1, began=12, ended=13, seen="access r1"))
    assert Promise.SPENT_ONCE in breaches(judge(history))


def test_a_lease_that_is_not_waited_for_is_a_breach_though_its_holder_died() -> None:
    """It lasts four seconds, of which a third may have passed where the store was slow."""
    history = a_history()
    history.lives[0] = Life(0, 0, 10.05)
    history.presentations.append(presentation("r0", 1, 12.5))
    assert breaches(judge(history)) == {Promise.SPENT_ONCE}
    # Its store was late, and so was what it sent.
    history.disturbances.append(befallen(Ill.CUT_FROM_STORE, 8.5, 9.5, 0))
    assert breaches(judge(history)) == set()


def test_what_is_used_again_after_the_newer_token_was_is_a_breach_though_its_process_was_frozen() -> None:
    """An older pair was written over a newer one."""
    history = a_history()
    history.presentations += [presentation("r1", 1, 20, granted="r2"), presentation("r0", 0, 30)]
    history.disturbances.append(befallen(Ill.FROZEN, 10.05, 29, 0))
    assert breaches(judge(history)) == {Promise.SPENT_ONCE}


def test_a_link_that_is_lost_without_a_token_spent_twice_is_a_breach() -> None:
    """And one that is lost by one is not."""
    history = a_history()
    history.losses.append(Loss("user", 17))
    assert breaches(judge(history)) == {Promise.KEPT}
    history.presentations.append(presentation("r0", 1, 16))
    history.lives[0] = Life(0, 0, 10.05)
    assert breaches(judge(history)) == set()


def test_an_answer_about_another_person_and_a_token_of_nobodys_are_breaches() -> None:
    """Names and tokens."""
    for call in (
        replace(a_call(), saw="Morag"),
        replace(a_call(), saw=""),
        a_call(seen="access r9"),
        a_call(seen="access r1", began=8, ended=9),
    ):
        history = a_history()
        history.calls.append(call)
        assert Promise.OWN in breaches(judge(history)), call
    history = a_history()
    history.calls += [
        a_call(seen="access r1"),
        a_call(began=1003, seen="access r1"),
    ]
    history.calls[-1] = replace(history.calls[-1], ended=1004)
    assert Promise.OWN not in breaches(judge(history))


def test_a_call_that_outlives_its_bound_is_a_breach_but_for_the_time_in_which_its_process_stood_still() -> None:
    """Ended or not."""
    history = a_history()
    history.calls.append(a_call(began=20, ended=40))
    assert breaches(judge(history)) == {Promise.BOUND}
    history.disturbances.append(befallen(Ill.FROZEN, 22, 30, 0))
    assert breaches(judge(history)) == set()
    history.calls.append(a_call(ended=None))
    assert breaches(judge(history)) == {Promise.BOUND}


def test_a_call_of_a_process_that_died_is_judged_until_then() -> None:
    """It may not have hung before."""
    history = a_history()
    history.calls.append(replace(a_call(ended=None), life=Life(0, 0, 25)))
    assert breaches(judge(history)) == set()
    history.calls.append(replace(a_call(ended=None), life=Life(0, 0, 50)))
    assert breaches(judge(history)) == {Promise.BOUND}


@pytest.mark.parametrize("code", ["ERR_STORE", "ERR_TIMEOUT", "ERR_TRANSPORT"])
def test_a_call_that_fails_while_nothing_happens_is_a_breach(code: str) -> None:
    """And what happened to who shares its store is a reason."""
    history = a_history()
    history.calls.append(a_call(code=code))
    assert breaches(judge(history)) == {Promise.REASON}
    history.disturbances.append(befallen(Ill.CUT_FROM_STORE, 18, 20, 1))
    assert breaches(judge(history)) == set()


def test_no_storm_is_a_reason_for_other_errors() -> None:
    """Options, stores that cannot be read, links that are not there."""
    for code in ("ERR_TYPE_VALIDATION", "ERR_NOT_LINKED", "ERR_PKB", "ERR_SERVER", *OVER, "TypeError"):
        history = a_history()
        history.disturbances.append(befallen(Ill.BAD_WEATHER, 18, 20, 0))
        history.calls.append(a_call(code=code))
        assert breaches(judge(history)) == {Promise.REASON}, code


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("ERR_PKB", "PKB refused it with ACC_TOKEN_EXPIRED"),
        ("ERR_SERVER", "The token (access_token) is invalid"),
    ],
)
def test_a_token_that_expires_again_under_a_call_is_a_reason(code: str, message: str) -> None:
    """Where the platform says so, and it did."""
    history = a_history()
    history.calls.append(replace(a_call(code=code), message=message))
    assert breaches(judge(history)) == {Promise.REASON}
    for at, expected in (
        (20.5, set[Promise]()),
        (12.0, set[Promise]()),
        (7.0, {Promise.REASON}),
        (23.0, {Promise.REASON}),
    ):
        history.expiries[:] = [at]
        assert breaches(judge(history)) == expected, at


@pytest.mark.parametrize("code", OVER)
def test_a_call_may_say_that_a_session_is_over_until_there_is_another(code: str) -> None:
    """And not before it is over, or after."""
    history = a_history()
    history.lives[0] = Life(0, 0, 10.05)
    history.presentations.append(presentation("r0", 1, 16))
    history.calls.append(a_call(code=code))
    assert breaches(judge(history)) == set()
    history.links.append(Link("user", "Bobby", LINKER, 30, 31))
    for began, expected in ((15.0, set[Promise]()), (14.0, {Promise.REASON}), (32.0, {Promise.REASON})):
        history.calls[-1] = a_call(code=code, began=began, ended=began + 1.5)
        assert breaches(judge(history)) == expected, began


def test_a_call_that_fails_when_all_is_well_again_is_a_breach_whatever_happened_before() -> None:
    """Liveness."""
    history = a_history()
    history.disturbances.append(befallen(Ill.CUT_FROM_STORE, 980, 999, 0))
    history.calls.append(a_call(began=1001, ended=1002, code="ERR_STORE"))
    assert breaches(judge(history)) == {Promise.RECOVERS}


def test_a_process_that_makes_no_call_when_all_is_well_again_is_a_breach() -> None:
    """Silence is no success."""
    history = a_history()
    history.calls.append(a_call(place=1, seen="access r1"))
    assert breaches(judge(history)) == {Promise.RECOVERS}


def test_the_longest_time_between_spans_is_that_in_one_piece() -> None:
    """Spans that overlap, lie within each other, or reach beyond the ends."""
    assert longest_between([], 0, 10) == 10
    assert longest_between([(2, 4), (3, 5), (4, 4.5)], 0, 10) == 5
    assert longest_between([(-5, 6), (7, 20)], 0, 10) == 1
    assert longest_between([(-5, 20)], 0, 10) == 0


def test_what_somebody_has_come_to_be_since_they_connected_again_is_theirs_too() -> None:
    """digi.me makes a person another library; and nobody else's."""
    history = a_history()
    history.calls.append(replace(a_call(), saw="another account"))
    assert breaches(judge(history)) == {Promise.OWN}
    history.links.append(Link("user", "another account", LINKER, 30, 31))
    assert breaches(judge(history)) == set()


def test_what_was_lost_in_one_trouble_after_the_other_may_come_as_long_after_all_of_them() -> None:
    """Who sends it again waits ever longer; and not where there was peace between."""
    history = a_history()
    history.presentations.append(presentation("r0", 1, 30))
    history.disturbances += [befallen(Ill.CUT_FROM_PLATFORM, 12, 17, 1), befallen(Ill.LINK_DOWN, 18, 22, 1)]
    assert judge(history).explained == {Excuse.LATE: 1}
    history.disturbances[0] = befallen(Ill.CUT_FROM_PLATFORM, 2, 5, 1)
    assert breaches(judge(history)) == {Promise.SPENT_ONCE}
