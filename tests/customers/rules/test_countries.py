from customers.rules.countries import Country, countries, find_country, find_country_by_number


def test_all_of_iso_3166_china_first():
    assert len(countries()) == 249
    assert countries()[0] == Country("CHN", "156", "中国", "China")


def test_finding_one():
    assert find_country("SAU") == find_country_by_number("682") == Country("SAU", "682", "沙特阿拉伯", "Saudi Arabia")
    assert find_country("TWN").name_zh == "中国台湾"
    assert find_country("XXX") is None
    assert find_country_by_number("999") is None
