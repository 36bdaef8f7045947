"""What a person does in each kind of app."""

from __future__ import annotations

from .care_journey import CareJourney
from .journey import Journey
from .link_journey import LinkJourney
from .push_journey import PushJourney
from .read_journey import ReadJourney
from .settings import Kind

JOURNEYS: dict[Kind, tuple[type[Journey], ...]] = {
    "push-data": (PushJourney,),
    "read-data": (ReadJourney,),
    "link-patient": (LinkJourney, CareJourney),
}
