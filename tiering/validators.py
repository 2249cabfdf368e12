"""The rules' codes with the sentences people read, for page and interface alike."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tiering.messages import limit_words, tier_label
from tiering.rules.policy_draft import Draft, Problem, problems

# By code; a sentence of one field's own stands under `field:code`, where field is the last part of its path.
SENTENCES = {
    "tiers": gettext_lazy("A policy has each of the four tiers with a band exactly once."),
    "bands:wrong_order": gettext_lazy("The bands stand from the highest tier down."),
    "floor:wrong_order": gettext_lazy("The floor %(floor)s must be above that of %(tier)s, %(other)s."),
    "ceiling:wrong_order": gettext_lazy("The ceiling %(ceiling)s must be above the floor %(floor)s."),
    "no_ceiling": gettext_lazy("The highest tier has no ceiling."),
    "ceiling:required": gettext_lazy("Every tier but the highest has a ceiling."),
    "positions:required": gettext_lazy("Please choose at least one position."),
    "product_categories:required": gettext_lazy("A policy names at least one product category."),
    "unknown_position": gettext_lazy("“%(position)s” is no position that owns customers."),
    "positions:twice": gettext_lazy("Each position once."),
    "twice": gettext_lazy("Each code and each name of a category is used once."),
    "format": gettext_lazy("A code is small letters and digits, parts joined by _, at most 30."),
    "name": gettext_lazy("A name has 1 to 30 characters, without semicolons."),
    "too_many": gettext_lazy("At most %(most)s categories."),
    "out_of_range": gettext_lazy("Between %(least)s and %(most)s."),
}


def policy_errors(draft: Draft) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for problem in problems(draft):
        found.setdefault(problem.field, []).append((problem.code, sentence(problem)))
    return found


def sentence(problem: Problem) -> str:
    if problem.code in ("gap", "overlap"):
        return _meeting(problem)
    last = problem.field.rpartition(".")[2]
    text = SENTENCES.get(f"{last}:{problem.code}") or SENTENCES[problem.code]
    return str(text) % _worded(problem.context)


def _meeting(problem: Problem) -> str:
    """Two amounts where the ends lie apart; one where they meet and the limit belongs to both tiers or to neither."""
    values = _worded(problem.context)
    if problem.context["ceiling"] != problem.context["floor"]:
        if problem.code == "gap":
            return _("Nobody is between this ceiling %(ceiling)s and the floor %(floor)s of %(tier)s.") % values
        return _("This ceiling %(ceiling)s lies above the floor %(floor)s of %(tier)s.") % values
    if problem.code == "gap":
        return _("%(floor)s itself belongs to no tier: include it here or in %(tier)s.") % values
    return _("%(floor)s itself belongs to two tiers: include it here or in %(tier)s, not in both.") % values


def _worded(context: dict) -> dict:
    is_money = context.get("is_money")
    worded = {}
    for name, value in context.items():
        if name == "tier":
            worded[name] = tier_label(value)
        elif name in ("floor", "ceiling", "other") or (is_money and name in ("least", "most")):
            worded[name] = limit_words(value)
        else:
            worded[name] = value
    return worded
