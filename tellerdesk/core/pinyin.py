from functools import lru_cache

from pypinyin import Style, lazy_pinyin


@lru_cache(maxsize=2048)
def initials(text: str) -> str:
    """开立个人客户 → klgrkh: what a teller types to find a title; other characters are left out."""
    return "".join(lazy_pinyin(text, style=Style.FIRST_LETTER, errors="ignore"))
