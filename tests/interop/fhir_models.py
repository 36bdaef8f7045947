"""How a body is judged by models of `fhir.resources`: by types, and by codes, which they know and do not check."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, TypeVar, cast

from pydantic import BaseModel

_Model = TypeVar("_Model", bound=BaseModel)


def judged(model: type[_Model], body: dict[str, Any], open_codes: Collection[str] = ()) -> _Model:
    """Give the resource; fail unless the body is a valid one, and so is everything that it contains."""
    resource_type = model.__name__
    assert body.get("resourceType") == resource_type
    resource = model.model_validate(body)
    wrong = list(_wrong_codes(resource, resource_type, open_codes))
    assert not wrong, wrong
    return resource


def _wrong_codes(model: BaseModel, path: str, open_codes: Collection[str]) -> Iterator[str]:
    """Find the codes outside of the value sets that FHIR requires."""
    for name, field in type(model).model_fields.items():
        allowed = cast("dict[str, Any]", field.json_schema_extra or {}).get("enum_values")
        value = getattr(model, name)
        here = f"{path}.{name}"
        for each in cast("list[object]", value if isinstance(value, list) else [value]):
            if isinstance(each, BaseModel):
                yield from _wrong_codes(each, here, open_codes)
            elif each is not None and allowed and here not in open_codes and each not in allowed:
                yield f"{here}: {each!r} is none of {allowed}"
