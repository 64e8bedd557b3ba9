"""Names made comparable."""

import pytest

from webapp.institutions.names import fold, likeness, trigrams


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("Universität für Bodenkultur", "universitat fur bodenkultur"),
        ("Politechnika Łódzka", "politechnika lodzka"),
        ("Đại học Hà Nội", "dai hoc ha noi"),
        ("Hogskolen i Østfold", "hogskolen i ostfold"),
        ("  Beijing\tUniversity (北京大学) ", "beijing university 北京大学"),
        ("Straße", "strasse"),
        ("---", ""),
    ],
)
def test_accents_case_and_punctuation_do_not_count(name: str, folded: str) -> None:
    assert fold(name) == folded


def test_likeness_is_one_for_the_same_name_and_nothing_for_a_stranger() -> None:
    hanoi = trigrams(fold("Hanoi University"))
    assert likeness(hanoi, hanoi) == 1
    assert likeness(hanoi, trigrams("zzqq")) == 0


def test_a_mistyped_name_is_more_like_the_right_one_than_like_another() -> None:
    typed = trigrams(fold("Univeristy of Lisbno"))
    lisbon = likeness(typed, trigrams(fold("University of Lisbon")))
    assert lisbon > likeness(typed, trigrams(fold("University of Bristol"))) > 0
