"""The published test vectors of document numbers, as they were handed over; their test date is 24 November 2026."""

import json
from datetime import date
from pathlib import Path

VECTORS = json.loads((Path(__file__).parent / "id_vectors.json").read_text(encoding="utf-8"))
TODAY = date.fromisoformat(VECTORS["meta"]["test_date"])
