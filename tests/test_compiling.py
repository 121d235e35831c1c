"""How templates are compiled: they show what they would have shown, and are as loud."""

from pathlib import Path

import pytest
from jinja2 import DictLoader, Environment, UndefinedError
from markupsafe import Markup

from searchapp.web import create_app
from searchapp.web.compiling import Templates

PAGES = {
    "page": "{% for one in some %}{% with mark = loop.index %}{% include 'line' %}{% endwith %}\n"
    "{% else %}{% include 'none' %}{% endfor %}{% include 'none' %}",
    "line": "{# A line. #}\n{% macro loud(word) %}{{ word|upper }}!{% endmacro %}"
    "{{ mark }} {{ one }} {{ loud(one) }}{% include 'foot' %}\n",
    "foot": "{% set one = 'own' %}[{{ one }} {{ shared }}]{% if shared %}{{ shared }}{% endif %}",
    "none": "{{ one is defined }} {{ some|length }}",
    "base": "<{% block inside %}{% endblock %}>",
    "child": "{% extends 'base' %}{% block inside %}{% include 'page' %}{% endblock %}",
}


def compiled(tmp_path: Path, pages: dict[str, str], **options: object) -> Environment:
    ours: Environment = create_app(tmp_path).jinja_env
    return ours.overlay(loader=DictLoader(pages), **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["page", "child"])
@pytest.mark.parametrize("some", [[], ["<b>", Markup("<i>"), "c"]], ids=["nothing", "three"])
def test_what_is_included_shows_what_jinjas_own_includes_show(
    tmp_path: Path, name: str, some: list[str]
) -> None:
    usual = Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, loader=DictLoader(PAGES)
    )
    given = {"some": some, "shared": "&"}

    shown = compiled(tmp_path, PAGES, autoescape=True).get_template(name).render(given)

    assert shown == usual.get_template(name).render(given)


def test_an_attribute_that_is_not_there_is_loud(tmp_path: Path) -> None:
    pages = compiled(tmp_path, {"page": "{{ some.lengths }}", "none": "{{ nothing.there }}"})

    with pytest.raises(AttributeError):
        pages.get_template("page").render(some=[])
    with pytest.raises(UndefinedError):
        pages.get_template("none").render()


def test_templates_of_the_desk_show_what_dictionaries_hold(tmp_path: Path) -> None:
    pages = compiled(tmp_path, {"owner/page": "{{ build.works }}{{ build.no is defined }}"})

    assert pages.get_template("owner/page").render(build={"works": 3}) == "3False"


def test_while_developing_a_changed_include_is_seen_at_once(tmp_path: Path) -> None:
    texts = {"page": "{% include 'part' %}", "part": "old"}
    pages = compiled(tmp_path, texts, auto_reload=True)
    assert isinstance(pages, Templates)
    assert pages.get_template("page").render() == "old"

    texts["part"] = "new"

    assert pages.get_template("page").render() == "new"
