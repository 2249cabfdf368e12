"""Runs of the night as their page and their API twin show them."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy

from tellerdesk.files.errors import MESSAGES
from tellerdesk.files.runs import RunStatus
from tiering.enums import IN_SCOPE, NightStep, Tier
from tiering.messages import DAY_NOT_KEPT
from tiering.models import NightlyRun

STEPS = tuple(step for step in NightStep if step != NightStep.DONE)
# How much of a night each step takes, in percent of a large file's time: the one bar of all steps moves evenly.
SHARES = dict(zip(STEPS, (5, 60, 10, 15, 10), strict=True))
BROKEN_OFF = "broken_off"
MISSING_IS_MANY = 20  # one in so many
WHY_FAILED = {
    **MESSAGES,
    BROKEN_OFF: gettext_lazy("The run broke off; nothing of it was kept."),
    "file_gone": gettext_lazy("The file is no longer kept."),
    "day_not_kept": DAY_NOT_KEPT,
}


@dataclass(frozen=True)
class Step:
    """`state` is `done`, `now`, `wait` or `failed`; `percent` of this step alone."""

    code: str
    label: str
    state: str
    percent: int
    seconds: float | None


@dataclass(frozen=True)
class TierCount:
    tier: Tier
    customers: int


@dataclass(frozen=True)
class RunReport:
    """`progress` is the percentage of the whole night; `error` {code, message} where the file was refused."""

    run: NightlyRun
    progress: int
    steps: list[Step]
    tiers: list[TierCount]
    error: dict | None

    @property
    def now(self) -> Step | None:
        return next((step for step in self.steps if step.state == "now"), None)

    @property
    def lacks_many(self) -> bool:
        """Whether more than one in twenty of the standing customers had no line: perhaps the file was cut short."""
        return self.run.missing * MISSING_IS_MANY > self.in_scope

    @property
    def in_scope(self) -> int:
        return sum(each.customers for each in self.tiers if each.tier in IN_SCOPE)


def runs_of(staff):
    return NightlyRun.objects.of_entity_of(staff).select_related("started_by")


def run_report(run: NightlyRun) -> RunReport:
    steps = [_step(run, step) for step in STEPS]
    tiers = [TierCount(tier, run.tiers[tier.code]) for tier in reversed(Tier) if tier.code in run.tiers]
    return RunReport(run, _progress(run), steps, tiers, error_of(run))


def error_of(run: NightlyRun) -> dict | None:
    if not run.error_code:
        return None
    return {"code": run.error_code, "message": error_message(run.error_code, run.error_detail)}


def error_message(code: str, detail: dict) -> str:
    """A code that nobody wrote a sentence for, or whose detail lacks what the sentence names, still says something."""
    try:
        return str(WHY_FAILED[code]) % detail
    except KeyError:
        return str(WHY_FAILED[BROKEN_OFF])


def _progress(run: NightlyRun) -> int:
    if run.status == RunStatus.SUCCEEDED:
        return 100
    place = _place(run)
    before = sum(SHARES[step] for step in STEPS[:place])
    return before + SHARES[STEPS[place]] * run.progress // 100 if place < len(STEPS) else before


def _place(run: NightlyRun) -> int:
    """The number of steps that are done."""
    if run.step == NightStep.DONE:
        return len(STEPS)
    return STEPS.index(run.step) if run.step in STEPS else 0


def _step(run: NightlyRun, step: NightStep) -> Step:
    state = _state(run, STEPS.index(step) - _place(run))
    percent = {"done": 100, "wait": 0}.get(state, run.progress)
    return Step(step.value, str(step.label), state, percent, run.seconds_by_step.get(step.value))


def _state(run: NightlyRun, steps_ahead: int) -> str:
    if run.status == RunStatus.SUCCEEDED or steps_ahead < 0:
        return "done"
    if steps_ahead > 0 or run.status == RunStatus.QUEUED:
        return "wait"
    return "failed" if run.status == RunStatus.FAILED else "now"
