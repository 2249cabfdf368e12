"""What the lists read from their address."""

from datetime import date

from django.utils.dateparse import parse_date


def day_of(request) -> date | None:
    """None for what is no day."""
    try:
        return parse_date(request.GET.get("day", ""))
    except ValueError:
        return None


def after(request) -> str | None:
    """The key to go on from; a text that is none begins anew."""
    text = request.GET.get("after", "")
    return text if text.isascii() and text.isdigit() and len(text) < 19 else None
