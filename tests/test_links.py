"""Addresses that are made in bulk, and text that is escaped in bulk: the same as one by one."""

import random

import pytest
from markupsafe import Markup, escape

from searchapp.fields import FACET
from searchapp.query import EXCLUDE, Query
from searchapp.web import create_app
from searchapp.web.links import (
    Ways,
    below_tags,
    outside,
    quote_slug,
    url_of_query,
    url_of_tags,
)
from searchapp.web.markup import escape_output

VALUES = ["a", "b c", "c++", "é", "&=?", "../x", "2024", "2024-05", "0-5", "zz"]


def _draw_query(chance: random.Random) -> Query:
    def some() -> dict[str, list[str]]:
        names = chance.sample(list(FACET), chance.randint(0, 3))
        return {name: chance.sample(VALUES, chance.randint(1, 3)) for name in names}

    chosen, excluded = some(), some()
    for name in chosen:
        excluded.pop(name, None)
    words = chance.choice(["", "flask", "a&b=c #", "tag=x "])
    sort = chance.choice([None, "newest"])
    return Query.of(words, chosen, excluded, sort, chance.randint(1, 3))


@pytest.mark.parametrize("seed", range(50))
@pytest.mark.parametrize("prefix", ["", "/below/it"])
def test_the_addresses_of_values_are_those_of_their_queries(tmp_path, seed, prefix):
    query = _draw_query(random.Random(seed))

    with create_app(tmp_path).test_request_context("/", environ_base={"SCRIPT_NAME": prefix}):
        for name in FACET:
            choose, exclude = Ways(query, name), Ways(query, EXCLUDE + name)
            for value in {*VALUES} - {*query.chosen(name), *query.without(name)}:
                assert choose.to(value) == url_of_query(query.with_filter(name, value))
                assert exclude.to(value) == url_of_query(query.with_excluded(name, value))


def test_the_addresses_of_many_tags_are_those_of_each(tmp_path):
    slugs = ["python", "cplusplus", "été", "a/b", "dot-net"]

    with create_app(tmp_path).test_request_context("/"):
        each = [f"{below_tags()}{quote_slug(slug)}/" for slug in slugs]
        assert each == [url_of_tags([slug]) for slug in slugs]


@pytest.mark.parametrize(
    ("url", "is_led_to"),
    [
        ("https://a.example", True),
        ("http://a.example/b?c#d", True),
        ("https://a.example:8080/", True),
        ("HTTPS://A.example/", True),
        ("https://user@a.example/", True),
        ("https://[::1]/", True),
        ("https://", False),
        ("https:///path", False),
        ("https://[::1/", False),
        ("javascript:alert(1)//https://a.example/", False),
        ("//a.example/", False),
        (" javascript:alert(1)", False),
        ("", False),
        (None, False),
    ],
)
def test_a_visitor_is_sent_to_addresses_of_the_web_alone(url, is_led_to):
    assert outside(url) == (url if is_led_to else None)


@pytest.mark.parametrize(
    "value",
    ["", "<b>\"'&</b>", "plain", "é<", "😀&", 12, None, Markup("<mark>"), 1.5],
    ids=repr,
)
def test_what_templates_show_is_escaped_as_ever(value):
    assert escape_output(value) == str(escape(value))


def test_templates_escape_what_they_show_wherever_it_stands(tmp_path):
    env = create_app(tmp_path).jinja_env
    text = "{% macro m(x) %}[{{ x }}]{% endmacro %}{{ x }}{{ m(x) }}{{ x ~ x }}{{ x|upper }}"

    shown = env.from_string(text + "{% set y %}{{ x }}{% endset %}{{ y }}").render(x="<a>&")

    once = "&lt;a&gt;&amp;"
    assert shown == f"{once}[{once}]{once}{once}&lt;A&gt;&amp;{once}"
