"""季度考核 as page, sheet and interface show it: the sums of a scope, their rates, and the quarters before."""

from dataclasses import dataclass, field

from django.db.models import Max, Min, OuterRef, Subquery, Sum

from tellerdesk.staff.models import Staff
from tiering.enums import Indicator, StaffCategory
from tiering.models import AssessedOwner, Assessment, AssessmentFigure
from tiering.rules.indicators import COUNTED, Rate, Tally, rates_of
from tiering.rules.quarters import quarter_of
from tiering.selectors.scope import Scope

QUARTERS = 6  # drawn in a line
CATEGORIES = tuple(StaffCategory)
MOST_PEOPLE = 120  # on a page


@dataclass(frozen=True)
class Figures:
    """Of one person, one branch or all; `code` is a staff number or a branch's code. `history`: by indicator the values
    of the last quarters, the oldest first, in hundredths of a percent (of 抢 in customers), None where there is none.
    """

    code: str
    name: str
    tally: Tally
    rates: dict[Indicator, Rate]
    position: str = ""
    category: str = ""
    branch: str | None = None
    ranks: dict[str, int | None] = field(default_factory=dict)
    history: dict[Indicator, list[int | None]] = field(default_factory=dict)

    @property
    def net_customers(self) -> int:
        return self.tally.new_customers - self.tally.left_customers

    @property
    def net_aum(self) -> int:
        return self.tally.closing_aum - self.tally.opening_aum

    @property
    def per_customer(self) -> str | None:
        """Products each customer holds, two decimals."""
        hundredths = Rate(self.tally.products, 100 * self.tally.closing_customers).hundredths
        return None if hundredths is None else f"{hundredths // 100}.{hundredths % 100:02}"

    @property
    def net_wealthy(self) -> int:
        return self.tally.wealthy_closing - self.tally.wealthy_opening

    @property
    def wealthy_growth(self) -> Rate:
        return Rate(self.net_wealthy, self.tally.wealthy_opening)


@dataclass(frozen=True)
class Report:
    """`owners` by category; `branches` empty where one sees one's own customers alone."""

    assessment: Assessment
    scope: Scope
    owners: list[Figures]
    branches: list[Figures]
    total: Figures

    @property
    def is_nobodys(self) -> bool:
        """One's own customers, where one owned none: those referred to somebody count for their owner."""
        return self.scope.own and not self.owners

    @property
    def by_category(self) -> list[tuple[StaffCategory, list[Figures]]]:
        found = [(each, [line for line in self.owners if line.category == each]) for each in CATEGORIES]
        return [(category, lines) for category, lines in found if lines]


def assessments_of(staff):
    return Assessment.objects.of_entity_of(staff).select_related("computed_by", "closed_by")


def versions_of(staff, quarter: str) -> list[Assessment]:
    """The newest first."""
    return list(assessments_of(staff).filter(quarter=quarter).order_by("-version"))


def shown_version(versions: list[Assessment]) -> Assessment | None:
    """The one that was closed last, else the newest computed one."""
    computed = [each for each in versions if each.is_computed]
    return next((each for each in computed if each.is_closed), computed[0] if computed else None)


def quarters_shown(staff) -> list[Assessment]:
    """One version of each quarter that has one, the newest quarter first. One query."""
    found: dict[str, list[Assessment]] = {}
    for each in assessments_of(staff).computed().order_by("-quarter", "-version"):
        found.setdefault(each.quarter, []).append(each)
    return [shown_version(versions) for versions in found.values()]


def latest_shown(shown: list[Assessment]) -> Assessment | None:
    """The last closed quarter, else the newest that has figures."""
    with_figures = [each for each in shown if each.closing_on and each.opening_on]
    return next((each for each in with_figures if each.is_closed), with_figures[0] if with_figures else None)


def quarters_to_choose(staff, day, shown: list[Assessment]) -> list[str]:
    """Those assessed, the running one and the one before it, the newest first."""
    running = quarter_of(day)
    return sorted({str(running), str(running.previous), *(each.quarter for each in shown)}, reverse=True)


def report_of(assessment: Assessment, scope: Scope, *, shown: list[Assessment], most: int | None = None) -> Report:
    """A fixed number of queries. With `most`, people only where there are no more of them."""
    line = drawn_line(assessment, shown)
    owners = owner_figures(assessment, scope, line, most=most)
    branches = [] if scope.own else branch_figures(assessment, scope)
    return Report(assessment, scope, owners, branches, total_figures(line, scope))


def drawn_line(assessment: Assessment, shown: list[Assessment]) -> list[Assessment]:
    """The last quarters up to this one, the oldest first; of this one the version that is looked at."""
    earlier = [each for each in shown if each.quarter < assessment.quarter and each.closing_on]
    return [*reversed(earlier[: QUARTERS - 1]), assessment]


def in_scope(rows, scope: Scope):
    if scope.own:
        return rows.filter(owner=scope.staff)
    return rows if scope.whole else rows.filter(scope.where("branch"))


def sums(rows, *by: str):
    """Rows of `by` and the counts, in the order of COUNTED."""
    return rows.order_by().values_list(*by).annotate(**{f"sum_{name}": Sum(name) for name in COUNTED})


def owner_figures(assessment: Assessment, scope: Scope, line: list[Assessment], *, most: int | None) -> list[Figures]:
    rows = in_scope(AssessmentFigure.objects.filter(assessment__in=line, owner__isnull=False), scope)
    now = rows.filter(assessment=assessment)
    if most and now.order_by().values("owner").distinct().count() > most:
        return []
    assessed = AssessedOwner.objects.filter(assessment=assessment, owner__in=now.values("owner"))
    places = {each.owner_id: each for each in assessed.select_related("owner")}
    branches = {row[0]: row[1:] for row in branches_of(now)}
    tallies = {row[:2]: Tally(*row[2:]) for row in sums(rows, "assessment_id", "owner_id")}
    found = [
        owner_line(place, line, tallies, branches.get(owner, ("", "")))
        for owner, place in places.items()
        if (assessment.pk, owner) in tallies
    ]
    return sorted(found, key=in_order)


def branches_of(rows):
    """The first and the last branch of each owner's customers."""
    return rows.order_by().values_list("owner_id").annotate(Min("branch__code"), Max("branch__code"))


def owner_line(place: AssessedOwner, line: list[Assessment], tallies: dict, branches: tuple) -> Figures:
    tally = tallies[line[-1].pk, place.owner_id]
    return Figures(
        place.owner.username,
        place.owner.name,
        tally,
        rates_of(tally, line[-1].categories),
        position=place.position,
        category=place.category,
        branch=branches[0] if branches[0] == branches[1] else None,
        ranks={each.value: getattr(place, each.value) for each in Indicator},
        history=history_of(line, tallies, place.owner_id),
    )


def in_order(line: Figures) -> tuple:
    place = CATEGORIES.index(line.category) if line.category in CATEGORIES else len(CATEGORIES)
    return place, -line.tally.opening_customers, line.code


def branch_figures(assessment: Assessment, scope: Scope) -> list[Figures]:
    rows = in_scope(AssessmentFigure.objects.filter(assessment=assessment), scope)
    found = []
    for code, name, *counts in sums(rows, "branch__code", "branch__name"):
        tally = Tally(*counts)
        found.append(Figures(code, name, tally, rates_of(tally, assessment.categories)))
    return sorted(found, key=lambda each: each.code)


def total_figures(line: list[Assessment], scope: Scope) -> Figures:
    rows = in_scope(AssessmentFigure.objects.filter(assessment__in=line), scope)
    tallies = {(row[0], None): Tally(*row[1:]) for row in sums(rows, "assessment_id")}
    return total_line(line, scope, tallies)


def total_line(line: list[Assessment], scope: Scope, tallies: dict) -> Figures:
    tally = tallies.get((line[-1].pk, None), Tally())
    rates = rates_of(tally, line[-1].categories)
    return Figures(scope.branch.code, scope.branch.name, tally, rates, history=history_of(line, tallies, None))


def history_of(line: list[Assessment], tallies: dict, owner: int | None) -> dict[Indicator, list[int | None]]:
    rates = [rates_of(tallies.get((each.pk, owner), Tally()), each.categories) for each in line]
    return {
        indicator: [
            _value(indicator, found, (each.pk, owner) in tallies) for each, found in zip(line, rates, strict=True)
        ]
        for indicator in Indicator
    }


def _value(indicator: Indicator, rates: dict[Indicator, Rate], known: bool) -> int | None:
    if indicator == Indicator.CUSTOMER_GROWTH:
        return rates[indicator].numerator if known else None
    return rates[indicator].hundredths


def board_report(scope: Scope) -> Report | None:
    """For the board's foot: the last closed quarter, else the newest computed one; people of single branches alone.

    None before the first assessment. Two queries, whatever the bank's size.
    """
    shown = quarters_shown(scope.staff)
    latest = latest_shown(shown)
    if latest is None:
        return None
    line = drawn_line(latest, shown)
    if scope.with_those_below:
        return Report(latest, scope, [], [], total_figures(line, scope))
    rows = in_scope(AssessmentFigure.objects.filter(assessment__in=line), scope)
    category = AssessedOwner.objects.filter(assessment=OuterRef("assessment"), owner=OuterRef("owner"))
    rows = rows.annotate(category=Subquery(category.values("category")), position=Subquery(category.values("position")))
    people, tallies = {}, {}
    for number, owner, username, name, category, position, *counts in sums(
        rows, "assessment_id", "owner_id", "owner__username", "owner__name", "category", "position"
    ):
        for key in {owner, None}:
            tallies[number, key] = tallies.get((number, key), Tally()) + Tally(*counts)
        if number == latest.pk and category:
            people[owner] = (username, name, position, category)
    owners = [_board_line(owner, who, line, tallies) for owner, who in people.items()]
    return Report(latest, scope, sorted(owners, key=in_order), [], total_line(line, scope, tallies))


def _board_line(owner: int, who: tuple, line: list[Assessment], tallies: dict) -> Figures:
    username, name, position, category = who
    tally = tallies[line[-1].pk, owner]
    rates, history = rates_of(tally, line[-1].categories), history_of(line, tallies, owner)
    return Figures(username, name, tally, rates, position=position, category=category, history=history)


def owner_named(scope: Scope, assessment: Assessment, username: str) -> Staff | None:
    """Somebody with figures in the scope; of one's own customers oneself alone."""
    if not username.isascii() or "\x00" in username:
        return None
    rows = in_scope(AssessmentFigure.objects.filter(assessment=assessment, owner__username=username), scope)
    return Staff.objects.filter(pk__in=rows.values("owner")).first()
