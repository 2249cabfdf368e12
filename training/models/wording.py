from django.utils.translation import get_language


def in_language(chinese: str, english: str) -> str:
    """English where it is read and written; else Chinese, which is always there."""
    return english if english and (get_language() or "").startswith("en") else chinese
