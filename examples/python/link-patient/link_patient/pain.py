"""What a person tells their care team of their pain: a form, and the Observation that the organisation sends of it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from starlette.datastructures import FormData

from .customer import DataAbout
from .page_error import PageError

_MOST = 10


def pain_of(form: FormData, now: datetime) -> DataAbout:
    """Read the form; refuse what makes no sense."""
    try:
        severity, form_id = int(str(form.get("pain", ""))), UUID(str(form.get("id", "")))
    except ValueError:
        severity, form_id = -1, None
    if not 0 <= severity <= _MOST:
        text = f"Fill in a whole number from 0 to {_MOST}."
        raise PageError(422, "Your answer is not complete", text)
    coding = {"system": "http://loinc.org", "code": "72514-3", "display": "Pain severity - 0-10 verbal numeric rating"}
    return lambda subject: [
        {
            "resourceType": "Observation",
            # Of the form: who sends it again has it stored once.
            "identifier": [{"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{form_id}"}],
            "status": "final",
            "code": {"coding": [coding], "text": "Pain severity"},
            "subject": subject,
            "effectiveDateTime": now.isoformat(timespec="seconds"),
            "valueInteger": severity,
        }
    ]
