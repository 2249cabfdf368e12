import pytest

from tiering.jobs.planning import workers


@pytest.mark.parametrize(
    ("host", "cores", "number"),
    [
        ("/srv/tellerdesk/postgres/socket", 1, 1),
        ("/srv/tellerdesk/postgres/socket", 2, 1),
        ("/srv/tellerdesk/postgres/socket", 4, 3),
        ("/srv/tellerdesk/postgres/socket", 64, 4),
        ("", 64, 2),
        ("db.bank.example", 1, 2),
    ],
)
def test_a_statement_has_the_cores_of_the_machine_that_the_server_shares_with_us(host, cores, number):
    assert workers(host, cores) == number
