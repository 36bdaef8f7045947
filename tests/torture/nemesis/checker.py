"""Who judges a history: which promises it breaks, and what that looks like a breach no client can mend."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum

from torture.relay import Presentation

from .history import Call, Disturbance, History, Ill, Life, Link

_BUSY_S = 1.0
"""What anything may take longer on a machine that is busy."""

_TAKEN_S = 3.0
"""By how much a call may outlive its bound: the last look after a freeze has two seconds."""

_HEALED_S = 20.0
"""For how long what befell a process, or who shares its store, may be felt: a statement has ten seconds."""

_STORE_ILLS = frozenset({Ill.FROZEN, Ill.CUT_FROM_STORE, Ill.LINK_DOWN, Ill.BAD_WEATHER, Ill.STORE_AWAY, Ill.DISK_FULL})
_PLATFORM_ILLS = frozenset({Ill.CUT_FROM_PLATFORM, Ill.LINK_DOWN, Ill.BAD_WEATHER})
_WIRE_ILLS = _PLATFORM_ILLS | {Ill.CUT_FROM_STORE}

_OF_THE_STORM = frozenset({"ERR_STORE", "ERR_TIMEOUT", "ERR_TRANSPORT"})
_OVER = frozenset({"ERR_LINK_EXPIRED", "ERR_CONNECTION_EXPIRED"})
_EXPIRED = {"ERR_PKB": "ACC_TOKEN_EXPIRED", "ERR_SERVER": "(access_token)"}
"""What the platforms say of an access token that has expired, by the code of the error that says so."""


class Promise(Enum):
    """What is promised."""

    SPENT_ONCE = "no refresh token is spent twice where its answer could be received and stored"
    KEPT = "no connection is lost but so"
    OWN = "every answer is one that the platform gave for that person"
    BOUND = "no call outlives its bound"
    REASON = "no call fails without a reason that was there"
    RECOVERS = "when the storm is over every call of every process succeeds"


class Excuse(Enum):
    """Why a token was spent twice all the same, as docs/pkb.md has it of what no client can mend."""

    DIED = "who had the answer died before it was stored"
    LOST = "the answer was lost on its way"
    KEPT = "who had the answer was frozen or kept from the store"
    LATE = "the network delivered it late"


@dataclass
class Judgement:
    """What came of it."""

    breaches: dict[Promise, list[str]] = field(default_factory=lambda: {promise: list[str]() for promise in Promise})
    explained: Counter[Excuse] = field(default_factory=Counter[Excuse])


def judge(history: History) -> Judgement:
    """Judge a history."""
    judgement = Judgement()
    descent = Descent(history)
    for first, again in repeated(history.presentations):
        excuse = _excuse(history, descent, first, again)
        if isinstance(excuse, Excuse):
            judgement.explained[excuse] += 1
        else:
            judgement.breaches[Promise.SPENT_ONCE].append(excuse)
    judgement.breaches[Promise.KEPT] += _lost(history, descent)
    frozen: dict[int, list[Disturbance]] = {}
    for each in history.disturbances:
        if each.ill is Ill.FROZEN:
            for place in each.places:
                frozen.setdefault(place, []).append(each)
    for call in history.calls:
        for promise, breach in _of_call(history, descent, call, frozen.get(call.life.place, [])):
            judgement.breaches[promise].append(breach)
    judgement.breaches[Promise.RECOVERS] += _silent(history)
    return judgement


def repeated(presentations: Iterable[Presentation]) -> list[tuple[Presentation, Presentation]]:
    """Give the refresh tokens that were spent twice: how they were granted, and how presented once more."""
    granted: dict[str, Presentation] = {}
    for each in presentations:
        if each.is_granted and not each.is_code:
            granted[each.token] = each
    again = [each for each in presentations if each.token in granted and each is not granted[each.token]]
    return [(granted[each.token], each) for each in again]


class Descent:
    """Which tokens came of which link, and when the use of them shows that they had been stored."""

    def __init__(self, history: History) -> None:
        self._answers = {(link.app_user_id, link.answer) for link in history.links}
        self._owners: dict[str, str] = {}
        """Of access and refresh tokens, by digest."""
        self._issued_at: dict[str, float] = {}
        self._used: dict[str, float] = {}
        by_place = {link.place: link.app_user_id for link in history.links}
        for each in sorted(history.presentations, key=lambda each: each.answered):
            owner = by_place.get(each.place) if each.is_code else self._owners.get(each.token)
            if each.issued is not None and owner is not None:
                for token in (each.issued.access_token, each.issued.refresh_token):
                    self._owners[token] = owner
                    self._issued_at[token] = each.answered
            self._note(each.token, each.presented)
        for call in history.calls:
            if call.kind == "accessToken" and call.saw is not None and call.ended is not None:
                self._note(call.saw, call.ended)

    def _note(self, token: str, at: float) -> None:
        self._used[token] = min(at, self._used.get(token, at))

    def owner(self, token: str) -> str | None:
        """Say whose link a token came of."""
        return self._owners.get(token)

    def is_of(self, answer: str | None, app_user_id: str) -> bool:
        """Say whether an answer is what the platform knows of somebody."""
        return (app_user_id, answer) in self._answers

    def was_used(self, first: Presentation, by: float) -> bool:
        """Say whether what came for a token had been used by then, which it is not before it is stored."""
        if first.issued is None:
            return False
        tokens = (first.issued.access_token, first.issued.refresh_token)
        return any(self._used.get(token, by) < by for token in tokens)

    def was_issued(self, token: str, app_user_id: str, by: float) -> bool:
        """Say whether a token was issued for somebody by then."""
        # The relay notes an answer just before it passes it on.
        return self._owners.get(token) == app_user_id and self._issued_at[token] <= by


def _excuse(history: History, descent: Descent, first: Presentation, again: Presentation) -> Excuse | str:
    """Give what explains that a token was spent twice, or the story if nothing does."""
    lease, began, ended = history.terms.lease_s, first.presented, again.presented
    story = (
        f"the token {again.token[:8]} of {descent.owner(again.token)}, "
        f"which place {first.place} presented at {began:.3f} "
        f"(answered at {first.answered:.3f}), was presented by place {again.place} at {ended:.3f}"
    )
    if _was_late(history, again):
        return Excuse.LATE
    if descent.was_used(first, ended):
        return f"{story}, when what had come for it was in use"
    # The lease is waited for whatever became of who holds it.
    if abs(ended - began) < lease - _since_its_lease(history, first) - _BUSY_S and not _was_late(history, first):
        return f"{story}, sooner than a lease lasts"
    return _why_not_stored(history, first, ended) or story


def _since_its_lease(history: History, presentation: Presentation) -> float:
    """Say how long its lease may have lasted when a token was presented: up to a third, and no time in peace."""
    latest, at = history.terms.lease_s / 3, presentation.presented
    return latest if any(True for _ in _of(history, presentation.place, frozenset(Ill), at - latest, at)) else 0


def _why_not_stored(history: History, first: Presentation, ended: float) -> Excuse | None:
    """Give what kept a process from storing what came for a token."""
    lease, began = history.terms.lease_s, first.presented
    if _died(history.lives, first.place, began, ended):
        return Excuse.DIED
    if any(True for _ in _of(history, first.place, _PLATFORM_ILLS, began, first.answered + _BUSY_S)):
        return Excuse.LOST
    if first.answered - began > lease / 2:
        return Excuse.LOST
    kept = [(each.began, _felt_until(each)) for each in _of(history, first.place, _STORE_ILLS, first.answered, ended)]
    if longest_between(kept, first.answered, ended) < lease / 4 + 0.5 + _BUSY_S:
        return Excuse.KEPT
    return None


def _was_late(history: History, presentation: Presentation) -> bool:
    """Say whether what was presented may have left long before it arrived.

    What is lost on a wire is sent again after twice as long each time, whatever lost it: troubles that are felt until
    the next one begins are one.
    """
    place, at = presentation.place, presentation.presented
    of = [each for each in history.disturbances if each.ill in _PLATFORM_ILLS and place in each.places]
    began = felt_until = float("-inf")
    for each in sorted(of, key=lambda each: each.began):
        if each.began > at:
            break
        if each.began > felt_until:
            began = each.began
        felt_until = max(felt_until, each.ended + (each.ended - began) + _BUSY_S)
    return felt_until >= at - _BUSY_S


def _felt_until(disturbance: Disturbance) -> float:
    """Say until when it is felt: what was lost on a wire is sent again after as long again."""
    lasted = disturbance.ended - disturbance.began
    return disturbance.ended + (lasted if disturbance.ill in _WIRE_ILLS else 0) + _BUSY_S


def _of(history: History, place: int, ills: frozenset[Ill], began: float, ended: float) -> Iterator[Disturbance]:
    for each in history.disturbances:
        if each.ill in ills and place in each.places and each.began <= ended and _felt_until(each) >= began:
            yield each


def _died(lives: Sequence[Life], place: int, began: float, ended: float) -> bool:
    return any(life.place == place and life.died is not None and began <= life.died <= ended for life in lives)


def longest_between(spans: Iterable[tuple[float, float]], began: float, ended: float) -> float:
    """Give the longest time in one piece between two moments that is in none of these spans."""
    longest, free_from = 0.0, began
    for begin, end in sorted(spans):
        longest = max(longest, min(begin, ended) - free_from)
        free_from = max(free_from, end)
    return max(longest, ended - free_from)


def _lost(history: History, descent: Descent) -> Iterator[str]:
    spent_twice = [(descent.owner(again.token), again.presented) for _, again in repeated(history.presentations)]
    for loss in history.losses:
        links = [link for link in history.links if link.app_user_id == loss.app_user_id and link.ended <= loss.noticed]
        linked = max((link.began for link in links), default=0.0)
        if not any(owner == loss.app_user_id and linked <= at <= loss.noticed for owner, at in spent_twice):
            yield f"the link of {loss.app_user_id} was lost by {loss.noticed:.3f}, and no token of it was spent twice"


def _of_call(
    history: History, descent: Descent, call: Call, frozen: Sequence[Disturbance]
) -> Iterator[tuple[Promise, str]]:
    """Judge a call of a process that was frozen now and then."""
    story = f"{call.kind} of {call.app_user_id} in place {call.life.place}, begun at {call.began:.3f}"
    until = call.ended if call.ended is not None else call.life.died
    if until is None:
        yield Promise.BOUND, f"{story}, has not ended"
        return
    stood_still = sum(max(0.0, min(until, each.ended) - max(call.began, each.began)) for each in frozen)
    took = until - call.began - stood_still
    if took > history.terms.call_s + _TAKEN_S:
        yield Promise.BOUND, f"{story}, took {took:.1f} s"
    if call.ended is None:
        return
    if call.code is not None:
        if call.began >= history.terms.calm_from:
            yield Promise.RECOVERS, f"{story}, failed: {call.code}: {call.message}"
        if not _has_reason(history, descent, call, until):
            yield Promise.REASON, f"{story}, failed: {call.code}: {call.message}"
    elif not _is_own(descent, call, until):
        yield Promise.OWN, f"{story}, gave what is not theirs"


def _is_own(descent: Descent, call: Call, ended: float) -> bool:
    if call.kind == "answer":
        return descent.is_of(call.saw, call.app_user_id)
    return call.saw is not None and descent.was_issued(call.saw, call.app_user_id, ended)


def _has_reason(history: History, descent: Descent, call: Call, ended: float) -> bool:
    if call.code in _OVER:
        return _was_over(history, descent, call, ended)
    if call.code in _EXPIRED and _EXPIRED[call.code] in call.message:
        # Once refused, a call fetches another, or joins who is at that. When that has expired too, the call fails.
        return any(call.began - history.terms.call_s <= at <= ended + _BUSY_S for at in history.expiries)
    if call.code not in _OF_THE_STORM:
        return False
    near = next((places for places in history.sharing if call.life.place in places), frozenset({call.life.place}))
    since = call.began - _HEALED_S
    if any(each.places & near and each.began <= ended and _felt_until(each) >= since for each in history.disturbances):
        return True
    return any(_died(history.lives, place, since, ended) for place in near)


def _was_over(history: History, descent: Descent, call: Call, ended: float) -> bool:
    """Say whether the session had ended by then, and there was not yet another when the call began."""
    ends = [
        again.presented
        for _, again in repeated(history.presentations)
        if descent.owner(again.token) == call.app_user_id and again.presented <= ended
    ]

    def next_link(at: float) -> float:
        links: list[Link] = [link for link in history.links if link.app_user_id == call.app_user_id and link.ended > at]
        return min((link.ended for link in links), default=float("inf"))

    return any(next_link(at) >= call.began for at in ends)


def _silent(history: History) -> Iterator[str]:
    """Find processes that made no call in the end, by which nothing would be shown."""
    calm = [call for call in history.calls if call.began >= history.terms.calm_from]
    heard = {(call.life.place, call.app_user_id, call.kind) for call in calm if call.ended is not None}
    places = {life.place for life in history.lives}
    expected = {(call.life.place, call.app_user_id, call.kind) for call in history.calls if call.life.place in places}
    for place, app_user_id, kind in sorted(expected - heard):
        yield f"place {place} made no {kind} for {app_user_id} when all was well again"
