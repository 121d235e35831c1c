"""The owner's decisions on tags, written into tags.toml: the rest of the file stays."""

import pytest

from searchapp.errors import SearchappError
from searchapp.tags.rewriting import Known, merge, read_text, rename, write
from searchapp.tags.vocabulary import parse_vocabulary

FILE = """\
# How tags are spelled.

[aliases]   # another spelling = the slug that is kept
"old" = "fog"        # from 2019

# What visitors see.

[tags.fog]
label = "Fog"   # with a capital
description = "Grey."

[tags."map making"]   # two words
parents = ["craft"]
# below it

[bundles]
"Weather" = ["fog", "mist"]
"""
KNOWN = Known({"fog": "Fog", "mist": "Mist", "map-making": "Map Making", "rl": "RL",
               "reinforcement-learning": "reinforcement learning", "craft": "craft"})  # fmt: skip


def added(rewriting):
    return [line for line in rewriting.changes() if line[:1] in "+-" and line[:3] not in "+++---"]


def test_a_merged_tag_is_an_alias_behind_the_last_one():
    done = merge(FILE, "rl", "Reinforcement Learning", KNOWN)

    assert added(done) == ['+"RL" = "reinforcement-learning"']
    assert done.after.split("\n")[3:6] == [
        '"old" = "fog"        # from 2019',
        '"RL" = "reinforcement-learning"',
        "",
    ]


def test_a_file_that_is_not_there_is_begun():
    done = merge("", "rl", "reinforcement-learning", KNOWN)

    assert done.after == '[aliases]\n"RL" = "reinforcement-learning"\n'


def test_a_file_without_aliases_gets_them_at_its_end():
    done = merge("# mine\n[tags.fog]\nlabel = 'Fog'", "rl", "reinforcement-learning", KNOWN)

    assert done.after == (
        '# mine\n[tags.fog]\nlabel = \'Fog\'\n\n[aliases]\n"RL" = "reinforcement-learning"\n'
    )


def test_what_is_said_of_a_merged_tag_is_said_of_the_other():
    done = merge(FILE, "fog", "mist", KNOWN)
    vocabulary = parse_vocabulary(done.after)

    assert vocabulary.slug("Fog") == vocabulary.slug("old") == "mist"
    assert vocabulary.tags["mist"].description == "Grey."
    assert vocabulary.bundles["Weather"] == ("mist",)
    assert '[tags.mist]\nlabel = "Fog"   # with a capital' in done.after


def test_of_two_described_tags_one_stays_with_what_it_lacked():
    done = merge(FILE, "fog", "map making", KNOWN)
    described = parse_vocabulary(done.after).tags

    assert list(described) == ["map-making"]
    assert described["map-making"].description == "Grey."
    assert described["map-making"].parents == ("craft",)
    for comment in ("# How tags are spelled.", "# What visitors see.", "# two words", "# below it"):
        assert comment in done.after


def test_line_ends_stay_as_they_are():
    done = merge(FILE.replace("\n", "\r\n"), "rl", "reinforcement-learning", KNOWN)

    assert done.after == merge(FILE, "rl", "reinforcement-learning", KNOWN).after.replace(
        "\n", "\r\n"
    )


def test_a_renamed_tag_keeps_what_is_said_of_it_and_its_old_name_leads_there():
    done = rename(FILE, "fog", "Sea Smoke", KNOWN)
    vocabulary = parse_vocabulary(done.after)

    assert vocabulary.slug("fog") == "sea-smoke"
    assert vocabulary.tags["sea-smoke"].label == "Sea Smoke"
    assert vocabulary.tags["sea-smoke"].description == "Grey."
    assert "# with a capital" in done.after


def test_a_tag_may_be_renamed_to_another_spelling_of_itself():
    done = rename(FILE, "map-making", "MapMaking", KNOWN)
    vocabulary = parse_vocabulary(done.after)

    assert vocabulary.slug("Map Making") == "mapmaking"
    assert vocabulary.tags["mapmaking"].label == "MapMaking"
    assert '[tags.mapmaking]   # two words\nlabel = "MapMaking"\nparents' in done.after


def test_a_tag_may_be_renamed_to_its_alias():
    done = rename(FILE, "fog", "old", KNOWN)
    vocabulary = parse_vocabulary(done.after)

    assert vocabulary.slug("fog") == vocabulary.slug("old") == "old"


REFUSED = [
    ("an unknown tag", merge, "reinforcment", "fog",
     "there is no tag 'reinforcment'; the nearest is 'reinforcement-learning'"),
    ("a tag with itself", merge, "Fog", "FOG", "'Fog' and 'FOG' are one tag already: fog"),
    ("a tag with its alias", merge, "old", "fog", "are one tag already"),
    ("a name in use", rename, "fog", "mist", "'mist' is a tag already; to join them:"),
    ("no name", rename, "fog", "!", "'!' names nothing that can be searched; write one with"),
    ("a tag into its own child", merge, "craft", "map-making",
     "craft cannot become map-making: then tags.toml:14: parents go in a circle"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("command", "one", "other", "told"), [pytest.param(*c[1:], id=c[0]) for c in REFUSED]
)
def test_what_cannot_be_done_is_refused_with_what_to_do(command, one, other, told):
    with pytest.raises(SearchappError) as refused:
        command(FILE, one, other, KNOWN)
    assert told in str(refused.value)


def test_a_written_file_keeps_its_mode_and_its_mark(tmp_path):
    path = tmp_path / "tags.toml"
    path.write_bytes(b"\xef\xbb\xbf" + FILE.encode())
    path.chmod(0o640)
    done = merge(read_text(tmp_path), "rl", "reinforcement-learning", KNOWN)
    write(tmp_path, done)

    assert path.read_bytes() == b"\xef\xbb\xbf" + done.after.removeprefix("\ufeff").encode()
    assert path.stat().st_mode & 0o777 == 0o640
    assert [p.name for p in tmp_path.iterdir()] == ["tags.toml"]


def test_a_file_that_changed_meanwhile_is_not_written_over(tmp_path):
    done = merge(FILE, "rl", "reinforcement-learning", KNOWN)
    (tmp_path / "tags.toml").write_text("# edited\n")
    with pytest.raises(SearchappError, match="changed meanwhile"):
        write(tmp_path, done)

    assert (tmp_path / "tags.toml").read_text() == "# edited\n"


def test_the_description_of_a_merged_tag_was_lost_where_the_other_had_one():
    text = (
        '[tags.fog]\ndescription = "Grey \\"and\\" cold."\n\n[tags.mist]\ndescription = "White."\n'
    )
    done = merge(text, "fog", "mist", KNOWN)

    assert parse_vocabulary(done.after).tags["mist"].description == "White."
    assert '# description of \'fog\', now this tag: "Grey \\"and\\" cold."\n' in done.after
    assert done.notes == (
        "the description of 'mist' counts; that of 'fog' is kept as a comment beside",
    )


@pytest.mark.parametrize("command", [merge, rename])
def test_a_file_that_began_with_a_mark_and_a_table_could_not_be_edited(command):
    text = '[aliases]\n"old" = "fog"\n'
    to = "mist" if command is merge else "Sea Smoke"
    done = command("\ufeff" + text, "fog", to, KNOWN)

    assert done.after == "\ufeff" + command(text, "fog", to, KNOWN).after


INLINE = [
    ('# mine\naliases = {old = "fog"}\n', "tags.toml:2: aliases are written inline here"),
    ('aliases.old = "fog"\n', "tags.toml:1: aliases are written inline here"),
    ('tags.fog.label = "Fog"\ntags.mist.label = "M"\n', "tags.toml:1: tags are written inline"),
    ('tags = {fog = {label = "Fog"}}\n', "tags.toml:1: tags are written inline here"),
]


@pytest.mark.parametrize(("text", "told"), INLINE)
def test_aliases_and_tags_in_one_line_were_refused_for_another_reason(text, told):
    with pytest.raises(SearchappError) as refused:
        merge(text, "fog", "mist", KNOWN)
    assert str(refused.value).startswith(told)
    assert "; write them below [" in str(refused.value)


@pytest.mark.parametrize("name", ["x" * 5000, "🍎", "..."])
def test_a_name_that_content_would_refuse_was_accepted(name):
    with pytest.raises(SearchappError) as refused:
        rename(FILE, "fog", name, KNOWN)
    assert len(str(refused.value)) < 150
