"""Languages are told by texts, and near languages by what even a title tells."""

from collections import Counter

import pytest

from matcher.text_languages import language_of
from tests.matcher.parallel_courses import parallel_rows


@pytest.mark.parametrize(
    ("title", "language"),
    [
        ("老年看護学", "ja"),
        ("国際人権法", "ja"),
        ("人工知能と社会", "ja"),
        ("酒店管理", "zh"),
        ("市场营销：消费者行为", "zh"),
        ("國際人權法", "zh"),
        ("香港與臺灣的經濟發展", "zh"),
        # Signs that Japan and China share tell nothing.
        ("哲学入门", "zh"),
    ],
)
def test_japanese_titles_are_told_from_chinese_ones_by_signs_that_only_japan_writes(title: str, language: str) -> None:
    assert language_of(title) == language


def test_a_chinese_course_about_kana_stays_chinese() -> None:
    assert language_of("汉语与日语：假名の比较") == "zh"


def test_a_long_text_is_read_as_a_whole() -> None:
    text = "本課程介紹國際人權法的歷史與制度，並討論著名的判例。学生分組報告，最後完成一份書面報告。"
    assert language_of(text) == "zh"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("विदेशी भाषा शिक्षण", "hi"),
        ("सतत पर्यटन", "hi"),
        ("Keperawatan Gerontik", "id"),
        ("Pengurusan Pelancongan Mampan", "id"),
        ("Pariwisata Berkelanjutan", "id"),
        ("Nursing", ""),
    ],
)
def test_near_languages_are_one_by_title(text: str, language: str) -> None:
    assert language_of(text) == language


def test_a_long_nepali_text_is_no_hindi() -> None:
    text = (
        "यस पाठ्यक्रममा विद्यार्थीहरूले नेपालको पर्यटन, संस्कृति र वातावरणका बारेमा अध्ययन गर्नेछन् र समूहमा काम गरेर "
        "आफ्नो क्षेत्रको एउटा पर्यटकीय गन्तव्यका लागि योजना बनाउनेछन्।"
    )
    assert language_of(text) == "ne"


def test_no_title_is_read_as_another_of_the_ten_languages() -> None:
    read = Counter((row["language"], language_of(row["title"])) for row in parallel_rows())
    assert {found for found in read if found[1] not in {found[0], ""}} == set()
    assert all(read[language, language] >= 6 for language, _ in read)
