"""Boundary cases of the tiers (rules 4.7)."""

import json
from pathlib import Path

VECTORS = json.loads((Path(__file__).parent / "tiers.json").read_text(encoding="utf-8"))["vectors"]
