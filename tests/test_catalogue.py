"""Chinese is complete: every text in code and templates is in the catalogue, translated, and compiled as it stands."""

import io
import re
from pathlib import Path

import pytest
from babel.messages.extract import extract
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation.template import templatize

CATALOGUE = Path(settings.LOCALE_PATHS[0]) / "zh_Hans" / "LC_MESSAGES"
KEYWORDS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop", "translated"), None),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    "npgettext": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\(\w+\)s")
HIDDEN = re.compile(r"\{(_|translated|n?gettext|n?pgettext)\(")
SOURCES = ("tellerdesk", "customers", "training", "tiering", "templates")


@pytest.fixture(scope="module")
def catalogue():
    with (CATALOGUE / "django.po").open("rb") as file:
        return read_po(file, locale="zh_Hans")


def texts():
    for root in SOURCES:
        for path in sorted((settings.BASE_DIR / root).rglob("*")):
            if path.suffix in (".py", ".html", ".txt") and "migrations" not in path.parts:
                yield from texts_of(path)


def texts_of(path: Path):
    source = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        source = "\n".join(line.strip() for line in templatize(source, origin=str(path)).splitlines())
    for line, message, _comments, context in extract("python", io.BytesIO(source.encode()), KEYWORDS):
        yield path.relative_to(settings.BASE_DIR), line, message if isinstance(message, str) else message[0], context


def test_every_text_is_in_the_catalogue(catalogue):
    known = {(m.id[0] if isinstance(m.id, tuple) else m.id, m.context) for m in catalogue}
    missing = {f"{path}:{line} {text!r}" for path, line, text, context in texts() if (text, context) not in known}
    assert missing == set()


def test_no_text_hides_in_an_f_string():
    """Whoever extracts texts does not look into these."""
    sources = [path for root in SOURCES for path in (settings.BASE_DIR / root).rglob("*.py")]
    assert [path for path in sources if HIDDEN.search(path.read_text(encoding="utf-8"))] == []


def test_nothing_is_untranslated_or_fuzzy(catalogue):
    assert [m.id for m in catalogue if m.id and (m.fuzzy or not m.string or not all(m.string))] == []


def test_placeholders_survive_translation(catalogue):
    """Chinese may leave one out (a plural's number it says otherwise), it may not invent one."""
    invented = [m.id for m in catalogue if m.id and placeholders(m.string) - placeholders(m.id)]
    assert invented == []


def placeholders(text) -> set[str]:
    return set(PLACEHOLDER.findall(" ".join(text) if isinstance(text, list | tuple) else text))


def test_the_compiled_catalogue_is_current(catalogue):
    with (CATALOGUE / "django.mo").open("rb") as file:
        compiled = read_mo(file)
    assert strings(compiled) == strings(catalogue)


def strings(catalogue) -> dict:
    """Plurals as tuples, whichever way the file's reader gives them."""
    return {(_text(m.context), _tuple(m.id)): _tuple(m.string) for m in catalogue if m.id}


def _text(context: str | bytes | None) -> str | None:
    return context.decode() if isinstance(context, bytes) else context


def _tuple(text) -> tuple:
    return (text,) if isinstance(text, str) else tuple(text)
