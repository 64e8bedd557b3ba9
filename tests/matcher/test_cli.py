"""The command line as a user meets it: files in, tables out, errors that name line and field."""

import csv
import io
import json
import random
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from matcher.cli import Progress, cache_file, main

DEMO = Path(__file__).parents[2] / "webapp" / "demo" / "profiles.jsonl"
FEW = [
    line for line in DEMO.read_text(encoding="utf-8").splitlines() if json.loads(line)["country"] in ("JP", "NL", "CN")
]


@pytest.fixture(autouse=True)
def _own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("CAUSEWAY_EMBEDDINGS", str(tmp_path / "cache" / "embeddings.sqlite"))


@pytest.fixture
def few(tmp_path):
    path = tmp_path / "few.jsonl"
    path.write_text("\n".join(FEW) + "\n", encoding="utf-8")
    return path


def table(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_propose_writes_the_same_bytes_when_the_lines_are_shuffled(tmp_path):
    shuffled = tmp_path / "shuffled.jsonl"
    lines = DEMO.read_text(encoding="utf-8").splitlines()
    shuffled.write_text("\n".join(random.Random(1).sample(lines, len(lines))), encoding="utf-8")
    outs = [tmp_path / "one.csv", tmp_path / "two.csv"]
    for source, out in zip((DEMO, shuffled), outs, strict=True):
        assert main(["propose", str(source), "--balance", "0.5", "--alternates", "3", "--out", str(out)]) == 0
    assert outs[0].read_bytes() == outs[1].read_bytes()
    rows = table(outs[0].read_text(encoding="utf-8"))
    assert {row["kind"] for row in rows} == {"proposed", "alternate", "left_out"}


def test_every_course_is_proposed_or_left_out_with_a_reason(few, capsys):
    assert main(["propose", str(few)]) == 0
    rows = table(capsys.readouterr().out)
    paired = {row[end] for row in rows if row["kind"] == "proposed" for end in ("a_id", "b_id")}
    left_out = {row["for_id"]: row["reason"] for row in rows if row["kind"] == "left_out"}
    assert paired | left_out.keys() == {json.loads(line)["id"] for line in FEW}
    assert not paired & left_out.keys()
    assert all(left_out.values())
    assert all(row["reason"] and 0 <= float(row["score"]) <= 1 for row in rows if row["kind"] == "proposed")
    for row in rows:
        if row["kind"] == "alternate":
            assert row["for_id"] in (row["a_id"], row["b_id"])


def test_the_floor_and_the_number_of_alternates_are_kept(few, capsys):
    main(["propose", str(few), "--min-score", "0.45", "--alternates", "1"])
    rows = table(capsys.readouterr().out)
    assert all(float(row["score"]) >= 0.45 for row in rows if row["score"])
    assert {row["rank"] for row in rows if row["kind"] == "alternate"} == {"1"}


def test_rank_as_json_gives_scores_shares_and_reasons(few, capsys):
    assert main(["rank", str(few), "--id", "p051a", "--top", "3", "--format", "json"]) == 0
    ranked = json.loads(capsys.readouterr().out)
    assert len(ranked) == 3
    assert [one["score"] for one in ranked] == sorted((one["score"] for one in ranked), reverse=True)
    for one in ranked:
        assert one.keys() == {"id", "score", "confidence", "shares", "reasons"}
        assert sum(share["share"] for share in one["shares"]) == pytest.approx(one["score"])
        assert all(reason["text"] for reason in one["reasons"])


def test_rank_as_a_table_names_course_institution_and_reason(few, capsys):
    assert main(["rank", str(few), "--id", "p051a", "--top", "2"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["rank", "score", "confidence", "id", "course"]
    assert "(NL)" in lines[1]
    assert lines[2].strip()
    assert len(lines) == 5


def test_any_region_also_ranks_neighbours(few, capsys):
    main(["rank", str(few), "--id", "p051a", "--top", "100", "--format", "json"])
    across = {one["id"] for one in json.loads(capsys.readouterr().out)}
    main(["rank", str(few), "--id", "p051a", "--top", "100", "--format", "json", "--any-region"])
    anywhere = {one["id"] for one in json.loads(capsys.readouterr().out)}
    assert across < anywhere


def test_evaluate_prints_one_json_object(few, tmp_path, capsys):
    pairs = tmp_path / "pairs.csv"
    pairs.write_text("a,b\np051a,p076b\np057a,p080b\n", encoding="utf-8")
    assert main(["evaluate", str(few), str(pairs)]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures.keys() == {"n", "mrr", "hit_at_1", "hit_at_5", "hit_at_10", "median_rank"}
    assert figures["n"] == 4


def test_wrong_lines_are_named_with_line_and_field_and_status_2(tmp_path, capsys):
    path = tmp_path / "wrong.jsonl"
    path.write_text(f'{FEW[0]}\n{{"id": "x", "country": "JP", "title": "T", "institution": "I", "level": "other"}}\n')
    assert main(["propose", str(path)]) == 2
    captured = capsys.readouterr()
    assert "line 2, level: must be one of secondary, tvet" in captured.err
    assert captured.out == ""


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["rank", "{few}", "--id", "nobody"], "no profile has the id 'nobody'"),
        (["propose", "{few}.missing"], "No such file"),
        (["evaluate", "{few}", "{few}"], "columns a and b are needed"),
    ],
)
def test_what_does_not_exist_is_said_with_status_2(few, arguments, words, capsys):
    assert main([argument.format(few=few) for argument in arguments]) == 2
    assert words in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["--balance", "1.5"], ["--balance", "much"], ["--alternates", "-1"]])
def test_numbers_out_of_range_are_refused_with_status_2(few, arguments, capsys):
    with pytest.raises(SystemExit) as stop:
        main(["propose", str(few), *arguments])
    assert stop.value.code == 2
    assert arguments[0] in capsys.readouterr().err


def test_nobody_is_a_round_without_pairs(tmp_path, capsys):
    path = tmp_path / "empty.jsonl"
    path.write_text("")
    assert main(["propose", str(path)]) == 0
    assert table(capsys.readouterr().out) == []


def test_vectors_are_kept_between_runs_where_the_user_keeps_caches(few, tmp_path, monkeypatch, capsys):
    main(["rank", str(few), "--id", "p051a"])
    assert cache_file().is_file()
    monkeypatch.delenv("CAUSEWAY_EMBEDDINGS")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_file() == tmp_path / "causeway" / "embeddings.sqlite"
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert cache_file() == Path.home() / ".cache" / "causeway" / "embeddings.sqlite"


def test_a_cache_that_cannot_be_written_costs_only_time(few, monkeypatch, capsys):
    monkeypatch.setenv("CAUSEWAY_EMBEDDINGS", str(few / "inside-a-file.sqlite"))
    assert main(["rank", str(few), "--id", "p051a", "--top", "1"]) == 0
    assert "not kept between runs" in capsys.readouterr().err


@pytest.mark.parametrize("is_terminal", [True, False])
def test_a_long_wait_is_shown_on_a_terminal_only(is_terminal, monkeypatch):
    screen = io.StringIO()
    screen.isatty = lambda: is_terminal
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setattr("matcher.cli.PATIENCE_SECONDS", 0.01)
    with closing(Progress()) as progress:
        progress("embedding", 0, 500)
        time.sleep(0.3)
        progress("embedding", 250, 500)
    assert ("250/500" in screen.getvalue()) == is_terminal


def test_a_short_wait_shows_nothing(monkeypatch):
    screen = io.StringIO()
    screen.isatty = lambda: True
    monkeypatch.setattr(sys, "stderr", screen)
    with closing(Progress()) as progress:
        progress("comparing", 0, 2)
        progress("comparing", 2, 2)
        progress("explaining", 1, 1)
    assert screen.getvalue().strip() == ""
