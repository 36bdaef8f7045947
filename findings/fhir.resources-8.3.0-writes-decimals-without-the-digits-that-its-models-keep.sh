#!/usr/bin/env bash
# fhir.resources 8.3.0 with fhir-core 1.1.12 (PyPI): FHIR says of `decimal` that implementations keep its precision, 86.50 being another value than
# 86.5. A model that is made of a Decimal keeps it, and says 86.50 when it is asked; each of its three ways out (`model_dump`, also with
# mode="json", and `model_dump_json`) writes 86.5, as does a model that was read from JSON text with its own reader. Of a number with more digits than a
# float has it writes others. So a measurement that goes through such a model loses what says how exactly it was measured.
#
# Seen with Python 3.11:
#   kept: 86.50 0.12345678901234567890
#   model_dump: 86.5 0.12345678901234568
#   model_dump, json: 86.5 0.12345678901234568
#   model_dump_json: 86.5 0.12345678901234568
#   read from text: 86.5
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet 'fhir.resources==8.3.0' 'fhir-core==1.1.12' 'pydantic==2.14.4'
venv/bin/python - > seen <<'PYTHON'
import json
from decimal import Decimal

from fhir.resources.quantity import Quantity

quantities = [Quantity(value=Decimal(digits)) for digits in ("86.50", "0.12345678901234567890")]


def digits(text):
    return json.loads(text, parse_float=str)["value"]


print("kept:", *(quantity.value for quantity in quantities))
print("model_dump:", *(quantity.model_dump()["value"] for quantity in quantities))
print("model_dump, json:", *(quantity.model_dump(mode="json")["value"] for quantity in quantities))
print("model_dump_json:", *(digits(quantity.model_dump_json()) for quantity in quantities))
print("read from text:", Quantity.model_validate_json('{"value": 86.50}').value)
PYTHON
cat seen
diff seen - <<'SEEN'
kept: 86.50 0.12345678901234567890
model_dump: 86.5 0.12345678901234568
model_dump, json: 86.5 0.12345678901234568
model_dump_json: 86.5 0.12345678901234568
read from text: 86.5
SEEN
echo "as found"
