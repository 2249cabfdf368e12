"""Names of people who do not exist, of several peoples, some with characters that older core systems cannot store."""

from dataclasses import dataclass
from random import Random

from customers.enums import Sex

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
    "余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段钱汤尹黎易常武乔贺赖龚文"
)
DOUBLE_SURNAMES = ("欧阳", "上官", "司马", "诸葛", "慕容", "令狐", "皇甫", "司徒")
FIRST_CHARACTERS = "建文志国明晓海春玉秀雨子思嘉浩俊欣美永德家振金长新立学正宇慧佳丽天云庆少一若书锦景承"
GIVEN = {
    Sex.MALE: "华强军平伟杰峰涛斌辉刚勇波鑫鹏飞超龙林宁宇轩泽昊然博铭睿凯旭晨东亮成松民生根荣",
    Sex.FEMALE: "芳娟敏静燕玲红梅丽霞娜艳秀兰英华萍雪琴莉莹颖琳婷怡欣悦涵萱诗瑶雯佳慧月蓉洁宁",
}
RARE_GIVEN = ("𬭊", "㛃", "𫍯", "昱𬭊", "子㛃", "文𫍯", "𬸪", "雨𬘭", "𫖯之", "㙦")


@dataclass(frozen=True)
class People:
    """An ethnic group: names as the cards print them, and the counties that first gave its people numbers."""

    group: str
    names: dict[Sex, tuple[str, ...]]
    counties: tuple[str, ...]


PEOPLES = (
    People(
        "维吾尔族",
        {
            Sex.MALE: ("买买提·吐尔逊", "艾尔肯·阿不都热依木", "玉素甫·卡德尔", "阿卜杜拉·艾买提", "库尔班·尼亚孜"),
            Sex.FEMALE: ("阿依古丽·买买提", "古丽娜尔·吐尔地", "热娜·艾合买提", "阿依努尔·卡哈尔", "迪丽拜尔·玉山"),
        },
        ("653101", "653222"),
    ),
    People(
        "哈萨克族",
        {
            Sex.MALE: ("叶尔兰·哈布力", "巴合提·木拉提", "努尔兰·赛力克"),
            Sex.FEMALE: ("阿依达娜·叶尔肯", "古丽加玛丽·托合塔尔", "加娜尔·别克"),
        },
        ("654002",),
    ),
    People(
        "藏族",
        {
            Sex.MALE: ("扎西顿珠", "洛桑·次仁", "格桑旺堆", "次仁多吉"),
            Sex.FEMALE: ("卓玛央宗", "德吉·白玛", "拉姆措", "央金"),
        },
        ("540102",),
    ),
    People(
        "蒙古族",
        {
            Sex.MALE: ("巴特尔", "苏日勒和克", "那顺·孟和", "格日勒图"),
            Sex.FEMALE: ("娜仁花", "其其格", "乌云·塔娜", "萨仁高娃"),
        },
        ("152502", "150102"),
    ),
    People("朝鲜族", {Sex.MALE: ("金哲浩", "朴成国"), Sex.FEMALE: ("金英姬", "崔顺玉")}, ("222401",)),
    People("壮族", {Sex.MALE: ("韦志刚", "覃永福"), Sex.FEMALE: ("黄美莲", "韦彩云")}, ("450103",)),
    People("苗族", {Sex.MALE: ("石老三", "龙金保"), Sex.FEMALE: ("杨阿朵", "龙秀英")}, ("522601", "433101")),
    People("回族", {Sex.MALE: ("马守义", "哈文俊"), Sex.FEMALE: ("马秀兰", "撒玉芳")}, ("622901",)),
    People("白族", {Sex.MALE: ("段家祥", "赵仲牧"), Sex.FEMALE: ("杨金花", "段月仙")}, ("532901",)),
)
FOREIGN = {
    "USA": ("JOHN SAMPLE", "MARY EXAMPLE", "ROBERT SPECIMEN"),
    "JPN": ("MIHON TARO", "MIHON HANAKO"),
    "KOR": ("KIM GYEONBON", "LEE SAMPLE"),
    "DEU": ("ERIKA MUSTERMANN", "MAX BEISPIEL"),
    "FRA": ("JEAN-LUC EXEMPLE", "CHLOÉ SPÉCIMEN"),
    "RUS": ("ИВАН ОБРАЗЦОВ", "ANNA OBRAZTSOVA"),
    "BRA": ("JOÃO AMOSTRA", "ANA D'EXEMPLO"),
    "CAN": ("EMILY SAMPLE", "LIAM EXAMPLE"),
    "SAU": ("AHMED ALNAMUDHAJ", "SARA ALNAMUDHAJ"),
    "KAZ": ("NURLAN ULGI", "AIGUL ULGI"),
}


def han_name(chance: Random, sex: str) -> str:
    surname = chance.choice(DOUBLE_SURNAMES) if chance.random() < 0.02 else chance.choice(SURNAMES)
    return surname + given_name(chance, sex)


def given_name(chance: Random, sex: str) -> str:
    """Four in five have two characters."""
    first = chance.choice(FIRST_CHARACTERS) if chance.random() < 0.8 else ""
    return first + chance.choice(GIVEN[sex])


def rare_name(chance: Random) -> str:
    return chance.choice(SURNAMES) + chance.choice(RARE_GIVEN)
