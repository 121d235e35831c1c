"""README against the code: it names whatever an owner or a reader may use."""

import re
from pathlib import Path

import pytest
from click import Option

from searchapp import dead
from searchapp.checks import CHECKS
from searchapp.cli import cli
from searchapp.fields import FACETS, SORTS
from searchapp.settings import SETTINGS
from searchapp.sources import READERS, configuration
from searchapp.sources.names import CATEGORY_NAMES, NAMES, TAG_NAMES
from searchapp.web.openapi import WAYS, Way

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")

OPTIONS = [
    (name, option.opts[0])
    for name, command in cli.commands.items()
    for option in command.params
    if isinstance(option, Option)
]
FRONT_MATTER = sorted(
    {key for keys in NAMES.values() for key in keys} | {*TAG_NAMES, *CATEGORY_NAMES}
)


@pytest.mark.parametrize("command", cli.commands)
def test_readme_names_the_command(command: str) -> None:
    assert f"`searchapp {command}" in README


@pytest.mark.parametrize(("command", "option"), OPTIONS)
def test_readme_names_the_option(command: str, option: str) -> None:
    assert option in README


@pytest.mark.parametrize("command", cli.commands.values(), ids=cli.commands)
def test_the_command_has_help_and_an_example(command: object) -> None:
    assert "Example: searchapp" in str(command.help)  # type: ignore[attr-defined]


@pytest.mark.parametrize("kind", [*CHECKS, "dead-place", "failing-place", "moved-place"])
def test_readme_names_the_kind_of_finding(kind: str) -> None:
    assert re.search(rf"^\| .*`{kind}`.* \|", README, re.MULTILINE)


@pytest.mark.parametrize("key", [*dead.KEYS, *dead.TOLD])
def test_readme_names_the_key_of_links_toml(key: str) -> None:
    assert re.search(rf"^\[?{key}\]?|[{{,] {key} = ", README, re.MULTILINE)


@pytest.mark.parametrize("facet", [facet.name for facet in FACETS])
def test_readme_names_the_facet(facet: str) -> None:
    assert re.search(rf"^\| [\w ]+ \| `{facet}` \|", README, re.MULTILINE)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
def test_readme_names_the_way_into_the_api(way: Way) -> None:
    assert re.search(rf"`{re.escape(way.path.replace('{id}', '<id>'))}[`?]", README)


@pytest.mark.parametrize("sort", [sort.name for sort in SORTS])
def test_readme_names_the_order(sort: str) -> None:
    assert re.search(rf"`(sort=)?{sort}`", README)


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_readme_gives_the_setting_its_default_and_help(setting: object) -> None:
    row = f"| `{setting.name}` | {setting.default} | {setting.help} |"  # type: ignore[attr-defined]

    assert row in README


@pytest.mark.parametrize("key", FRONT_MATTER)
def test_readme_names_the_front_matter_key(key: str) -> None:
    assert f"`{key}`" in README


@pytest.mark.parametrize("kind", READERS)
def test_readme_names_the_kind_of_source(kind: str) -> None:
    assert re.search(rf"^\| `{kind}` \|", README, re.MULTILINE)


@pytest.mark.parametrize("key", sorted({*configuration._SITE, *configuration._SOURCE}))
def test_readme_names_the_key_of_sources_toml(key: str) -> None:
    assert re.search(rf"^{key} = |`{key} = ", README, re.MULTILINE)


def test_the_pictures_that_readme_shows_are_there() -> None:
    for path in re.findall(r"!\[[^]]*\]\(([^)]+)\)", README):
        assert (ROOT / path).is_file()


def test_each_decision_in_the_architecture_is_dated() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    decisions = text.split("## Decisions")[1].split("## Dependencies")[0]

    for paragraph in re.findall(r"^\*\*.*", decisions, re.MULTILINE):
        assert re.match(r"\*\*20\d\d-\d\d-\d\d · ", paragraph)
