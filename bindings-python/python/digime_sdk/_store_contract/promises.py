"""What a store promises, in words, and the error that says which promise it broke, and after which calls."""

from __future__ import annotations

from typing import Optional

PROMISES = {
    "works": "A method answers, by what the type `LinkStore` says, where nothing is wrong with its database.",
    "version": (
        "A change is made, and answered by True, where the record has the version that `expected_version` names, or "
        "there is none and it is None, and no `public_id` stands in the way; and nowhere else. Versions are compared "
        "as numbers, of up to 63 bits."
    ),
    "public_id": (
        "Two users of a platform have one `public_id` only if either record has `shares_public_id`; `put_link` answers "
        "False to the second."
    ),
    "refused": "A change that is answered by False has changed nothing.",
    "once": (
        "Of changes that are made at once and exclude each other, one is told True and all others False, through "
        "whichever instances they come."
    ),
    "written": "What is answered by True is written, in place of the whole record that was there before.",
    "members": "A record is given back with all its members, also those that the store does not know.",
    "fresh": (
        "What one instance has answered for, every other reads from then on: no copy lags behind, and none is kept."
    ),
    "found": "`find_links` gives all links with a `public_id`, as they are, and no others.",
    "apart": "Records are told apart by their platform and by the whole id of the user or attempt, letter by letter.",
    "listed": (
        "`list_links` gives each link of a platform once, in an order that stays: up to `limit` of those after "
        "`after`, whether that link is still there or not. `filter_links`, of a store that has it, gives those that "
        "the filter lets through."
    ),
    "expired": (
        "`remove_attempts` removes the attempts of its platform that expired before the time that it is given, with an "
        "`app_user_id` all of that user too, and nothing else."
    ),
    "durable": "What is answered is durable: it outlasts a crash of the database right after the answer.",
    "away": "While the database is away methods fail: none answers as if nothing were stored, or from a copy.",
}


class BrokenPromise(AssertionError):  # the name of a promise is what matters
    """A promise that a store broke.

    `promise` is its name, `seed` makes the same calls again.
    """

    def __init__(self, promise: str, found: str, calls: list[str], seed: Optional[int] = None) -> None:
        self.promise = promise
        self.seed = seed
        self._found = found
        # More are made when the run is over.
        self._calls = tuple(calls)
        numbered = (f"  {index}. {call}" for index, call in enumerate(self._calls, 1))
        lines = [
            f"The store breaks a promise. {PROMISES[promise]}",
            f"Found: {found}",
            "After these calls, a, b and c being instances of the store:",
            *numbered,
        ]
        if seed is not None:
            lines.append(f"The same calls are made again with seed={seed}.")
        super().__init__("\n".join(lines))

    @property
    def length(self) -> int:
        """How many calls led to it."""
        return len(self._calls)

    def of(self, seed: int) -> BrokenPromise:
        """Give it with the seed by which it was found."""
        return BrokenPromise(self.promise, self._found, list(self._calls), seed)
