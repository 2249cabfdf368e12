"""Staged lines as lines of a day, in one pass: amounts in fen, the customer's id, branch and birth date, the tier.

A line that this statement accepts, rules.snapshot_line accepts with the same facts (tests hold both together). What it
does not take is no fault yet: it comes out without a customer, and is then judged by the rule.
"""

from psycopg2.sql import SQL, Composable, Identifier, Literal

from tiering.enums import CardLevel
from tiering.jobs.night import Night
from tiering.jobs.staging import EVERY, Staging
from tiering.jobs.tier_sql import tier_and_reasons
from tiering.rules.money import LARGEST
from tiering.rules.snapshot_line import ADMISSIONS, AMOUNTS, CARD_LEVELS, FLAGS

# Legal entity and day, the same in every row, come with the table (partitions.constrain). What has no null and is asked
# for by every look at a day stands first, where it is reached without reading what comes before.
DAY_LINES = SQL("""
SELECT customer_id, branch_id, aum, {tier} AS tier, {reasons} AS reasons, card_level, admission, categories, birth_date,
  card_spend_year, personal_loan_balance, custody_margin
FROM (
  SELECT c.id AS customer_id, CASE WHEN c.id IS NULL THEN s.line ELSE c.home_branch_id END AS branch_id,
    s.aum, s.card_spend_year, s.personal_loan_balance, s.custody_margin, c.birth_date, {bits} AS categories,
    s.card_level, s.admission
  FROM ({facts}) s {held}
  LEFT JOIN customers_customer c
    ON c.legal_entity_id = {entity} AND c.customer_number = s.customer_number
    AND c.status NOT IN ('closed', 'merged') AND {sound}
) line
""")
# A volatile column keeps the planner from pulling the expressions up, where each would be computed many times over.
FACTS = SQL("""
SELECT line, customer_number, {aum} AS aum, {amounts}, {card_level} AS card_level, {admission} AS admission,
  {categories}, pg_is_in_recovery() AS fence
FROM ({rows}) staged
""")
# `held` has the bits of the texts that can be read; where these are few, they stand in the statement instead.
TEXT = SQL("coalesce(product_categories, '') AS product_categories")
HELD = SQL("LEFT JOIN {held} held ON held.text = s.product_categories")
FEW_TEXTS = 32
# Unsound facts: no AUM, an amount below nothing, no card level, no admission, or categories that cannot be read.
SOUND = SQL("""
(s.aum + s.card_level + s.admission + {bits} IS NOT NULL
  AND coalesce(least(s.card_spend_year, s.personal_loan_balance, s.custody_margin), 0) >= 0)
""")
SOUND_BY_TABLE = SOUND.format(bits=SQL("held.bits"))
AUM = SQL("CASE WHEN aum BETWEEN -{most} AND {most} AND {whole} THEN (aum * 100)::bigint END")
AMOUNT = SQL(
    "CASE WHEN {it} IS NULL OR {it} = 0 THEN NULL"
    " WHEN {it} > 0 AND {it} <= {most} AND {whole} THEN ({it} * 100)::bigint ELSE -1 END AS {it}"
)
# Doubles: the fen nearest to it, and back to the same double, is the very amount that the text had, for doubles lie
# closer together up to MOST than two texts of five decimals (plain_blocks lets no more pass).
WHOLE_FEN = SQL("({it} * 100)::bigint / 100::double precision = {it}")
MOST = SQL("{}::double precision").format(Literal(LARGEST // 100))


def day_lines(
    night: Night,
    staging: Staging,
    lanes: tuple[int, ...],
    only: Composable = EVERY,
    *,
    texts: dict[str, int] | None = None,
) -> Composable:
    """A query. Lines without a customer have null for customer_id and their number in the file for branch_id.

    `texts` has the bits by text of product_categories where these are few.
    """
    tier, reasons = tier_and_reasons(night.policy, night.as_of)
    bits = SQL("held.bits") if texts is None else SQL("s.bits")
    return DAY_LINES.format(
        tier=tier,
        reasons=reasons,
        entity=Literal(night.legal_entity_id),
        facts=facts(staging, lanes, only, texts=texts),
        held=HELD.format(held=staging.table("held")) if texts is None else SQL(""),
        bits=bits,
        sound=SOUND.format(bits=bits),
    )


def facts(
    staging: Staging, lanes: tuple[int, ...], only: Composable = EVERY, *, texts: dict[str, int] | None = None
) -> Composable:
    """Columns that the file does not have are constants."""
    return FACTS.format(
        aum=AUM.format(most=MOST, whole=_whole_fen("aum")),
        amounts=SQL(", ").join(_amount(name) if name in staging.layout else _no_amount(name) for name in AMOUNTS),
        card_level=_card_level() if "card_level" in staging.layout else SQL("0::smallint"),
        admission=_admission([name for name in ADMISSIONS if name in staging.layout]),
        categories=TEXT if texts is None else SQL("{} AS bits").format(_coded("product_categories", "", texts)),
        rows=staging.rows(lanes, only),
    )


def _amount(name: str) -> Composable:
    return AMOUNT.format(it=Identifier(name), most=MOST, whole=_whole_fen(name))


def _no_amount(name: str) -> Composable:
    return SQL("NULL::bigint AS {}").format(Identifier(name))


def _whole_fen(name: str) -> Composable:
    return WHOLE_FEN.format(it=Identifier(name))


def _card_level() -> Composable:
    numbers = {text: int(level) for text, level in CARD_LEVELS.items()}
    return SQL("({})::smallint").format(_coded("card_level", CardLevel.NONE.code, numbers))


def _admission(names: list[str]) -> Composable:
    """Nearly always none."""
    if not names:
        return SQL("0::smallint")
    none = SQL(" AND ").join(SQL("{} = '0'").format(Identifier(name)) for name in names)
    bits = SQL(" + ").join(_flag(name, ADMISSIONS[name]) for name in names)
    return SQL("(CASE WHEN {} THEN 0 ELSE {} END)::smallint").format(none, bits)


def _flag(name: str, bit: int) -> Composable:
    return _coded(name, "0", {text: int(bit) if holds else 0 for text, holds in FLAGS.items()})


def _coded(name: str, empty: str, numbers: dict[str, int]) -> Composable:
    """Null for any other text."""
    cases = SQL(" ").join(
        SQL("WHEN {} THEN {}").format(Literal(text), Literal(number)) for text, number in numbers.items()
    )
    return SQL("CASE coalesce({}, {}) {} END").format(Identifier(name), Literal(empty), cases)
