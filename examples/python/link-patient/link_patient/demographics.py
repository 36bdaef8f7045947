"""What a person sees of who they are, in words."""

from __future__ import annotations

from digime_sdk import CurrentUser

_SEXES = {"F": "Female", "I": "Indeterminate", "M": "Male", "U": "Unknown"}


def demographics_of(patient: CurrentUser) -> list[tuple[str, str]]:
    """Give names and values; what PKB does not know is left out."""
    gender = patient.get("gender")
    address = [
        patient.get("address1"),
        patient.get("address2"),
        patient.get("city"),
        patient.get("state"),
        patient.get("postal_code"),
        patient.get("country"),
    ]
    rows = [
        ("Date of birth", patient.get("dob")),
        ("Sex assigned at birth", _SEXES.get(gender, gender) if gender else None),
        ("Email", patient.get("email")),
        ("Phone", patient.get("phone")),
        ("Address", ", ".join(line for line in address if line)),
        ("Height", f"{patient['height_cm']:g} cm" if "height_cm" in patient else None),
        ("Weight", f"{patient['weight_kg']:g} kg" if "weight_kg" in patient else None),
    ]
    return [(name, value) for name, value in rows if value]
