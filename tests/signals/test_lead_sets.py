"""Sets of leads by their words."""

import pytest

from ecgssl_core.errors import SettingsError
from ecgssl_core.signals.lead_sets import LEAD_SETS, find_sets, given_rows, parse_leads, set_name
from ecgssl_core.signals.leads import LEADS


def test_leads_are_read_by_name_and_by_nothing_else() -> None:
    assert parse_leads("I") == ("I",)
    assert parse_leads("I,II") == ("I", "II")
    assert parse_leads(" v5 , DII,avr,V5") == ("V5", "II", "aVR")
    for text in ("0", "[0,1,7]", "I;II", "", "I,", "__import__('os')", "MLII"):
        with pytest.raises(SettingsError, match="There is no lead"):
            parse_leads(text)


def test_the_sets_of_the_protocol_are_those_of_2021_and_one_lead() -> None:
    assert [len(leads) for _, leads in LEAD_SETS] == [12, 6, 4, 3, 2, 1, 1]
    assert dict(LEAD_SETS)["4 leads"] == ("I", "II", "III", "V2")
    assert dict(LEAD_SETS)["3 leads"] == ("I", "II", "V2")


def test_groups_and_leads_name_each_set_once() -> None:
    found = find_sets(["protocol", "single", "chest", "II,I", "I,V5"])
    assert len({frozenset(leads) for _, leads in found}) == len(found) == 7 + 10 + 1 + 1
    assert found[-1] == ("leads I, V5", ("I", "V5"))
    assert set_name(("II", "I")) == "2 leads"
    with pytest.raises(SettingsError, match="There is no lead 'chests'"):
        find_sets(["chests"])


def test_what_follows_from_the_first_two_leads_is_given_with_them() -> None:
    assert given_rows(LEADS, ("I", "II")).tolist() == [True] * 6 + [False] * 6
    assert given_rows(LEADS, ("I", "V2")).sum() == 2
