"""What makes a question answerable, whoever wrote it: administrator, importer or the bank we ship."""

from training.enums import Kind

FEWEST_OPTIONS = 2
MOST_OPTIONS = 8
TRUE, FALSE = "T", "F"


def faults(kind: str, stem: str, options: list[dict], answer_key: list[str]) -> list[tuple[str, str]]:
    """`(field, code)` of everything wrong; an option is `{key, zh, en}`. Chinese is obligatory, English is not."""
    keys = [option["key"] for option in options]
    found = [] if stem.strip() else [("stem_zh", "empty")]
    if any(not option["zh"].strip() for option in options):
        found.append(("options", "empty_option"))
    if not FEWEST_OPTIONS <= len(options) <= MOST_OPTIONS:
        found.append(("options", "number_of_options"))
    if len(set(keys)) < len(keys) or len({option["zh"].strip() for option in options}) < len(options):
        found.append(("options", "repeated_option"))
    return found + _key_faults(kind, keys, answer_key)


def _key_faults(kind, keys, answer_key) -> list[tuple[str, str]]:
    if kind == Kind.TRUE_FALSE and sorted(keys) != [FALSE, TRUE]:
        return [("options", "true_and_false_only")]
    if not answer_key:
        return [("answer_key", "no_key")]
    if not set(answer_key) <= set(keys):
        return [("answer_key", "key_without_option")]
    if kind == Kind.MULTIPLE and len(answer_key) < 2:
        return [("answer_key", "multiple_needs_two")]
    if kind != Kind.MULTIPLE and len(answer_key) > 1:
        return [("answer_key", "one_key_only")]
    return []
