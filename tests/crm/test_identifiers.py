"""Numbers as people write them."""

import pytest

from crm.customers.identifiers import are_near, name_core, read_licence, read_phone, read_uscc


@pytest.mark.parametrize(
    ("written", "normal", "extension"),
    [
        ("138 0731 6620", "13807316620", ""),
        ("１３８０７３１６６２０", "13807316620", ""),
        ("+86 138-0731-6620", "13807316620", ""),
        ("013807316620", "13807316620", ""),
        ("0086 0731 85123307", "073185123307", ""),
        ("0731-85123307转802", "073185123307", "802"),
        ("（0731）85123307 ext. 12", "073185123307", "12"),
        ("85123307", "85123307", ""),
        ("400-888-1234", "4008881234", ""),
        ("+1 202 555 0143", "12025550143", ""),
    ],
)
def test_a_telephone_number_has_one_form(written: str, normal: str, extension: str) -> None:
    phone = read_phone(written)
    assert (phone.normal, phone.extension) == (normal, extension)


@pytest.mark.parametrize("written", ["", "138", "没有", "138073166200", "0731-8512330700", "转802"])
def test_what_is_no_number_is_refused_with_a_sentence(written: str) -> None:
    with pytest.raises(ValueError, match="0731"):
        read_phone(written)


def test_a_credit_code_is_checked_by_its_last_character() -> None:
    assert read_uscc("91350100M000100Y43") == "91350100M000100Y43"
    assert read_uscc(" ９１３５０１００m000100y43 ") == "91350100M000100Y43"
    assert read_uscc("") == ""
    for wrong in ("91350100M000100Y44", "91350100M000100Y4", "91350100M000100I43"):
        with pytest.raises(ValueError, match=r"18|last|末|位"):
            read_uscc(wrong)


def test_a_licence_has_twelve_digits() -> None:
    assert read_licence("4301 0311 2086") == "430103112086"
    with pytest.raises(ValueError, match="12"):
        read_licence("43010311208")


def test_the_core_of_a_name_says_which_shop_it_is() -> None:
    assert name_core("红星路金穗烟酒商行") == name_core("红星路金穗便利店") == "红星路金穗"
    assert name_core("白沙路佳佳便利店（侯家塘店）") == "白沙路佳佳"
    assert name_core("长沙市金穗商贸有限公司") == "长沙市金穗"
    assert name_core("便利店") == "便利店", "a name of such words alone stays what it is"


@pytest.mark.parametrize(
    ("one", "other", "is_near"),
    [
        ("红星路金穗", "红星路金惠", True),
        ("红星路金穗", "红星金穗", True),
        ("红星路金穗", "红星路金穗源", True),
        ("长沙红星路金穗", "红星路金穗", True),
        ("湖南省红星路金穗", "红星路金穗", True),
        ("红星路金穗", "红星路金穗", False),
        ("红星路金穗", "红旗路金惠", False),
        ("红星路金穗", "路金穗红星", False),
        ("佳佳乐", "佳佳福", False),
        ("佳佳", "长沙佳佳", False),
    ],
)
def test_names_that_differ_by_a_character_or_a_place_are_near(one: str, other: str, is_near: bool) -> None:
    assert are_near(one, other) == are_near(other, one) == is_near
