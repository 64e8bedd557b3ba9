"""Invented profiles are valid, reproducible and of a realistic mix."""

from collections import Counter

from matcher.datasets import make_profiles
from matcher.profile import CourseProfile, Region


def test_invented_profiles_pass_every_check_of_a_real_file():
    for profile in make_profiles(200, seed=3):
        assert CourseProfile.from_dict(profile.to_dict()) == profile


def test_the_same_seed_gives_the_same_profiles_and_fewer_are_the_first_of_more():
    assert make_profiles(30, seed=5) == make_profiles(50, seed=5)[:30]
    assert make_profiles(30, seed=5) != make_profiles(30, seed=6)


def test_no_profiles_are_an_empty_list():
    assert make_profiles(0) == []


def test_both_regions_thin_profiles_and_hubs_are_there():
    profiles = make_profiles(600)
    assert Counter(profile.region for profile in profiles) == {Region.ASIA: 300, Region.EUROPE: 300}
    thin = sum(profile.description is None for profile in profiles)
    assert 0.25 < thin / len(profiles) < 0.42
    sizes = Counter(profile.institution for profile in profiles).most_common()
    assert sizes[0][1] > 5 * sizes[-1][1]
    offered = {region: sum(p.capacity for p in profiles if p.region is region) for region in Region}
    assert offered[Region.EUROPE] > 1.2 * offered[Region.ASIA]
