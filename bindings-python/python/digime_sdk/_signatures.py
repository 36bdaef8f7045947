"""How calls and configurations are shown to whoever looks at signatures: by the keywords that they take.

They take any, so that the core says what is wrong and what was meant, and so that no frame has an option as a local.
"""

from __future__ import annotations

from inspect import Parameter, Signature
from typing import Any, Callable, Optional, TypeVar, Union

from ._typing import member_type

F = TypeVar("F", bound=Callable[..., Any])


def takes(*variants: Any) -> Callable[[F], F]:
    """Show a method with the options of these types, of which its own are one, as keywords."""

    def show(method: F) -> F:
        return _show(method, lambda: [Parameter("self", Parameter.POSITIONAL_OR_KEYWORD), *_keywords(variants)])

    return show


def configured_by(configuration: Any) -> Callable[[F], F]:
    """Show a function with the members of a configuration as keywords, which may be given as a whole too."""

    def parameters() -> list[Parameter]:
        whole = Parameter("config", Parameter.POSITIONAL_ONLY, default=None, annotation=Optional[configuration])
        own = _keywords([configuration])
        return [whole, *(each.replace(default=_IN_CONFIG) if each.default is each.empty else each for each in own)]

    def show(function: F) -> F:
        return _show(function, parameters)

    return show


class _InConfig:
    """Stands for what is required, and may be in a configuration that is given as a whole."""

    def __repr__(self) -> str:
        return "<in config>"


_IN_CONFIG = _InConfig()


class _LaterSignature(Signature):
    """A signature that is made when somebody looks at it: those of all calls together take longer than the calls do."""

    __slots__ = ("_later",)

    _later: Callable[[], Signature]

    def __getattr__(self, name: str) -> Any:
        if name not in Signature.__slots__:
            raise AttributeError(name)
        # Nothing of it is there yet.
        made = self._later()
        super().__init__(list(made.parameters.values()), return_annotation=made.return_annotation)
        return getattr(self, name)


def _show(function: F, parameters: Callable[[], list[Parameter]]) -> F:
    signature = _LaterSignature.__new__(_LaterSignature)
    signature._later = lambda: Signature(parameters(), return_annotation=function.__annotations__["return"])
    function.__signature__ = signature  # type: ignore[attr-defined]
    return function


def _keywords(variants: Any) -> list[Parameter]:
    """Give the keywords: first those that each variant requires."""
    members: dict[str, tuple[Any, int]] = {}
    for variant in variants:
        for name, annotation in variant.__annotations__.items():
            kind, required = member_type(annotation)
            before, times = members.get(name, (kind, 0))
            members[name] = (Union[before, kind], times + required)
    keywords = [
        Parameter(name, Parameter.KEYWORD_ONLY, annotation=kind)
        if times == len(variants)
        # `None` leaves an option out.
        else Parameter(name, Parameter.KEYWORD_ONLY, default=None, annotation=Optional[kind])
        for name, (kind, times) in members.items()
    ]
    return sorted(keywords, key=lambda each: each.default is None)
