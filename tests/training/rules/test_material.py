from training.rules.material import Block, Section, parse


def test_sections_paragraphs_and_lists():
    text = "先导\n\n## 一\n\n第一段\n续行\n\n第二段\n- 甲\n- 乙\n\n- 丙\n## 二"
    assert parse(text) == [
        Section(0, "", [Block(False, ["先导"])]),
        Section(
            1,
            "一",
            [Block(False, ["第一段续行"]), Block(False, ["第二段"]), Block(True, ["甲", "乙"]), Block(True, ["丙"])],
        ),
        Section(2, "二", []),
    ]


def test_nothing_at_all():
    assert parse("  \n\n") == []
