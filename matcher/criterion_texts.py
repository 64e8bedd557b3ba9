"""What the criteria can say about a pair, by code; `reasons.py` joins them with the rules' reasons.

`language_a` is the language the first side learns, `titles` the courses that leave something unsaid, `date_`
a day in ISO form, `cefr_` a level A1..C2, `mode_` a way of working.
"""

from __future__ import annotations

from matcher.reason_text import N_, ReasonText

CRITERION_TEXTS: dict[str, ReasonText] = {
    "topic_shared_terms": ReasonText("topic", "fits", N_("Both courses speak of: %(terms)s.")),
    "topic_close": ReasonText("topic", "fits", N_("The two descriptions are close in meaning.")),
    "topic_related": ReasonText(
        "topic", "talk", N_("The topics are related, not the same. Words in common: %(terms)s.")
    ),
    "topic_distant": ReasonText("topic", "talk", N_("The topics are far apart: look for a theme both can work on.")),
    "topic_few_words": ReasonText("topic", "talk", N_("The topic is judged by few words: %(titles)s.")),
    "field_same": ReasonText("field", "fits", N_("Both courses belong to the field “%(field)s”.")),
    "field_near": ReasonText("field", "fits", N_("Neighbouring fields: “%(field_a)s” and “%(field_b)s”.")),
    "field_far": ReasonText(
        "field", "talk", N_("Different fields, “%(field_a)s” and “%(field_b)s”: agree on what each side brings.")
    ),
    "field_guessed_same": ReasonText(
        "field", "fits", N_("Judging by the texts, both courses belong to the field “%(field)s”.")
    ),
    "field_guessed_near": ReasonText(
        "field", "fits", N_("Judging by the texts, the fields are near: “%(field_a)s” and “%(field_b)s”.")
    ),
    "field_guessed_far": ReasonText(
        "field", "talk", N_("Judging by the texts, the fields differ: “%(field_a)s” and “%(field_b)s”.")
    ),
    "complementarity_partners": ReasonText(
        "complementarity", "fits", N_("Courses of “%(field_a)s” and “%(field_b)s” often work together.")
    ),
    "complementarity_guessed_partners": ReasonText(
        "complementarity",
        "fits",
        N_("Judging by the texts, these are courses of “%(field_a)s” and “%(field_b)s”, which often work together."),
    ),
    "level_same": ReasonText("level", "fits", N_("Both courses have the level %(level)s.")),
    "level_near": ReasonText("level", "fits", N_("The levels are near: %(level_a)s and %(level_b)s.")),
    "level_far": ReasonText("level", "talk", N_("The levels are far apart: %(level_a)s and %(level_b)s.")),
    "level_missing": ReasonText("level", "talk", N_("Level unknown: %(titles)s.")),
    "language_tandem": ReasonText(
        "language",
        "fits",
        N_(
            "Tandem: one class learns %(language_a)s and the other %(language_b)s, and each speaks what the"
            " other learns."
        ),
    ),
    "language_same_with_speakers": ReasonText(
        "language", "fits", N_("Both courses deal with %(language)s, and one class has native speakers.")
    ),
    "language_same": ReasonText("language", "fits", N_("Both classes learn %(language)s.")),
    "language_with_speakers": ReasonText(
        "language", "fits", N_("One class learns %(language)s, the other speaks it at home.")
    ),
    "language_with_others": ReasonText(
        "language", "talk", N_("One class learns %(language)s, the other neither learns it nor speaks it at home.")
    ),
    "language_apart": ReasonText(
        "language", "talk", N_("The classes learn different languages: %(languages_a)s and %(languages_b)s.")
    ),
    "language_shared": ReasonText("language", "fits", N_("Both classes can work in %(languages)s.")),
    "language_shared_at_levels": ReasonText(
        "language", "fits", N_("Both classes can work in %(language)s: %(cefr_a)s and %(cefr_b)s.")
    ),
    "language_levels_differ": ReasonText(
        "language",
        "talk",
        N_("In %(language)s one class is at %(cefr_a)s and the other at %(cefr_b)s: see that all can take part."),
    ),
    "language_missing": ReasonText("language", "talk", N_("Languages of exchange unknown: %(titles)s.")),
    "calendar_weeks": ReasonText(
        "calendar", "fits", N_("Shared teaching weeks: %(n_weeks)d, from %(date_from)s to %(date_to)s.")
    ),
    "calendar_tight": ReasonText(
        "calendar", "talk", N_("Shared teaching weeks: %(n_weeks)d; comfortable would be %(n_wanted)d.")
    ),
    "calendar_missing": ReasonText("calendar", "talk", N_("Teaching dates unknown: %(titles)s.")),
    "live_hours_enough": ReasonText(
        "live_hours", "fits", N_("Live hours in a shared week: %(hours)s on average, %(hours_least)s at least.")
    ),
    "live_hours_few": ReasonText(
        "live_hours", "talk", N_("Few live hours in a shared week: %(hours)s on average, %(hours_least)s at least.")
    ),
    "live_hours_none": ReasonText(
        "live_hours", "talk", N_("No live hours in common: plan to work at different times.")
    ),
    "live_hours_assumed": ReasonText(
        "live_hours", "talk", N_("Lesson times unknown, so a working day from 9 to 17 is assumed: %(titles)s.")
    ),
    "live_hours_moot": ReasonText(
        "live_hours", "fits", N_("Both classes work at different times, so clocks do not matter.")
    ),
    "live_hours_missing": ReasonText("live_hours", "talk", N_("Time zone or teaching dates unknown: %(titles)s.")),
    "class_size_close": ReasonText("class_size", "fits", N_("The class sizes fit: %(size_a)d and %(size_b)d.")),
    "class_size_apart": ReasonText(
        "class_size",
        "talk",
        N_("The class sizes differ: %(size_a)d and %(size_b)d. Mixed teams or a split class help."),
    ),
    "class_size_missing": ReasonText("class_size", "talk", N_("Class size unknown: %(titles)s.")),
    "technology_tools": ReasonText("technology", "fits", N_("Tools both can use: %(tools)s.")),
    "technology_blocked": ReasonText("technology", "talk", N_("Blocked on one side: %(tools)s.")),
    "technology_no_tool": ReasonText("technology", "talk", N_("No tool is named by both; choose one together.")),
    "technology_modes_apart": ReasonText(
        "technology", "talk", N_("The ways of working differ: %(mode_a)s and %(mode_b)s.")
    ),
    "technology_thin": ReasonText(
        "technology", "talk", N_("One side has little bandwidth: keep live video short or do without.")
    ),
    "technology_missing": ReasonText("technology", "talk", N_("Tools and ways of working unknown: %(titles)s.")),
    "goals_shared": ReasonText("goals", "fits", N_("Sustainable Development Goals in common: %(goals)s.")),
    "goals_skills": ReasonText("goals", "fits", N_("Both want to build the same skills: %(skills)s.")),
    "goals_apart": ReasonText("goals", "talk", N_("The goals and skills named have nothing in common yet.")),
    "wishes_met": ReasonText("wishes", "fits", N_("What is wished for in a partner is met: %(titles)s.")),
    "wishes_unmet": ReasonText("wishes", "talk", N_("Not all that is wished for in a partner is met: %(titles)s.")),
    "wishes_field_same": ReasonText(
        "wishes", "fits", N_("A partner of the same field is wished for, and this is one: %(titles)s.")
    ),
    "wishes_field_adjacent": ReasonText(
        "wishes", "fits", N_("A partner of a neighbouring field is wished for, and this is one: %(titles)s.")
    ),
    "wishes_field_complementary": ReasonText(
        "wishes",
        "fits",
        N_("A partner of a field that complements one's own is wished for, and this is one: %(titles)s."),
    ),
    "wishes_field_unmet": ReasonText(
        "wishes", "talk", N_("The field of education wished for in a partner is another one: %(titles)s.")
    ),
}
