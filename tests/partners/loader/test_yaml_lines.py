"""Reading YAML with lines, and without its surprises. No database."""

import pytest

from partners.loader.mistakes import FileRefused
from partners.loader.yaml_lines import read_file, read_text


def mistakes_of(text):
    try:
        return [str(each) for each in read_text(text).mistakes]
    except FileRefused as refused:
        return [str(each) for each in refused.mistakes]


def test_only_numbers_truth_and_nothing_are_more_than_text():
    data = read_text('a: [1, 1.50, 08, 2017-06-15, 2017-10, "7", NO, yes, true, ~, null, 12:30, 1_000]').data
    assert data["a"] == [1, 1.5, "08", "2017-06-15", "2017-10", "7", "NO", "yes", True, None, None, "12:30", "1_000"]


def test_every_key_and_item_knows_its_line():
    file = read_text("a:\n  - b: 1\n    c: 2\n  - d: 3\n")
    assert [file.line_of(path) for path in (("a",), ("a", 0, "c"), ("a", 1), ("a", 1, "missing"), ("x",))] == [1, 3, 4, 4, 1]


def test_key_written_twice_is_named_with_both_lines():
    assert mistakes_of("a:\n  b: 1\n  b: 2\n") == ["line 3: a.b: The key b stands in line 2 already. Keep one of the two."]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: &x [1]\nb: *x\n", "Anchors"),
        ("a: !!python/object:os.system []\n", "tag"),
        ("a: 1\n---\nb: 2\n", "second document"),
        ('a: "x\\0y"\n', "control character"),
        ("a: [1, 2\nb: }", "not YAML"),
        ("? [a, b]\n: c\n", "one word"),
        ("[" * 100_000, "nested"),
        ("- " * 100_000, "nested"),
        ("a: " + "{a: " * 5_000, "nested"),
        ("", "no sections"),
        ("just words", "no sections"),
        ("- a\n- b\n", "no sections"),
    ],
)
def test_what_could_mislead_is_refused(text, words):
    assert any(words in mistake for mistake in mistakes_of(text))


def test_doubled_aliases_do_not_grow():
    text = "a: &a [1, 1]\n" + "".join(f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]\n" for n in range(20))
    assert len(mistakes_of(text)) == 61


def test_file_that_cannot_be_read_is_refused_in_words(tmp_path):
    (tmp_path / "latin").write_bytes(b"a: 1\nb: ni\xf1o\n")
    for path, words in ((tmp_path / "none.yaml", "no such file"), (tmp_path, "is a directory"), (tmp_path / "latin", "line 2")):
        with pytest.raises(FileRefused, match=words):
            read_file(path)
