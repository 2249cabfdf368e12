import pytest

from tiering.rules.referral import may_serve

OWN, ABOVE, BESIDE, BELOW = "/000/001/", "/000/", "/000/002/", "/000/001/011/"


@pytest.mark.parametrize(
    ("position", "branches"),
    [
        ("financial_advisor", {OWN}),
        ("relationship_manager", {OWN, ABOVE}),
        ("product_manager", {OWN, ABOVE}),
        ("wealth_consultant", {OWN, ABOVE}),
        ("wealth_manager", {OWN, ABOVE}),
        ("teller", set()),
        ("branch_manager", set()),
        ("deputy_president", set()),
    ],
)
def test_where_each_position_may_serve_from(position, branches):
    assert {path for path in (OWN, ABOVE, BESIDE, BELOW) if may_serve(position, path, OWN)} == branches
