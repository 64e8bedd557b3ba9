"""What the forms offer."""

from zoneinfo import available_timezones

from flask import Flask
from flask_babel import force_locale

from matcher.vocabulary.asem import REGIONS
from matcher.vocabulary.isced import FIELDS
from matcher.vocabulary.languages import LANGUAGES, primary_language
from matcher.vocabulary.tools import TOOLS
from webapp.profiles import choices, labels
from webapp.profiles.fields import Choices, Group
from webapp.profiles.vocabulary_texts import SKILLS


def values(of: Choices) -> list[str]:
    """All values on offer, without the entry that states nothing."""
    return [value for group in of.values() for value, _label in group if value]


def boxes(of: list[Group]) -> list[str]:
    """All values of checkboxes."""
    return [value for group in of for value, _label in group.options]


def test_every_offer_is_a_value_the_matcher_knows_and_none_stands_twice(context: Flask) -> None:
    assert set(values(choices.languages())) == set(LANGUAGES)
    assert all(primary_language(code) == code for code in LANGUAGES)
    assert set(values(choices.isced_fields())) <= set(FIELDS)
    assert set(values(choices.time_zones())) <= available_timezones()
    assert sorted(boxes(choices.skills())) == sorted(SKILLS)
    assert sorted(boxes(choices.tools())) == sorted(TOOLS)
    assert sorted(boxes(choices.countries())) == sorted(REGIONS)
    for offered in (choices.languages(), choices.isced_fields(), choices.time_zones()):
        assert len(values(offered)) == len(set(values(offered)))


def test_every_detailed_field_and_every_country_can_be_chosen(context: Flask) -> None:
    detailed = {code for code in labels.FIELDS if len(code) == 4}
    assert len(detailed) == 80
    assert detailed <= set(values(choices.isced_fields()))
    assert set(choices._zones()) == set(REGIONS)


def test_no_two_offers_of_a_group_read_alike(context: Flask) -> None:
    for offered in (choices.languages(), choices.isced_fields(), choices.time_zones()):
        for group in offered.values():
            names = [label for _value, label in group]
            assert len(names) == len(set(names))


def test_each_list_begins_with_an_entry_that_states_nothing(context: Flask) -> None:
    for offered in (
        *(choices.languages(), choices.cefr_levels(), choices.weekdays(), choices.levels(), choices.eqf_levels()),
        *(choices.modes(), choices.bandwidths(), choices.experiences(), choices.isced_fields(), choices.time_zones()),
    ):
        value, label = offered[None][0]
        assert value == ""
        assert label


def test_lists_are_in_the_order_of_the_reader(context: Flask) -> None:
    with force_locale("fr"):
        names = [label for _value, label in choices.languages()[None][1:]]
    assert names.index("allemand") < names.index("anglais") < names.index("espagnol") < names.index("estonien")
