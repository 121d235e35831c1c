"""Links between posts, as generators write them: they lead to our page of the other post."""

import re
from pathlib import Path

import pytest
from builders import write_files

from searchapp.slugs import key_of
from searchapp.sources import read_all, read_configuration

JEKYLL = (
    '[[source]]\nname = "blog"\nkind = "markdown"\npath = "_posts"\ngenerator = "jekyll"\n'
    'url = "https://a.example"\n'
)
HUGO = (
    '[[source]]\nname = "blog"\nkind = "markdown"\npath = "content/posts"\ngenerator = "hugo"\n'
    'url = "https://a.example"\n'
)


def addresses(root: Path, post: str) -> list[str]:
    """Return where the links of a post lead."""
    (reading,) = read_all(read_configuration(root), root)
    (html,) = (d.html for d in reading.documents if d.path == post)
    return re.findall(r'href="([^"]*)"', html or "")


def page(name: str, anchor: str = "") -> str:
    return f"../{key_of(f'blog:{name}')}/{anchor}"


@pytest.mark.parametrize(
    ("link", "address"),
    [
        pytest.param("[a]({% post_url 2024-01-01-a %})", page("2024-01-01-a.md"), id="post_url"),
        pytest.param(
            "[a]({{ site.baseurl }}{% post_url 2024-01-01-a %}#The-end)",
            page("2024-01-01-a.md", "#s-the-end"), id="post_url with a heading",
        ),
        pytest.param(
            "[a]({% post_url sea/2024-01-02-b %})", page("sea/2024-01-02-b.md"),
            id="post_url in a folder",
        ),
        pytest.param("[a]({% link _posts/2024-01-01-a.md %})", page("2024-01-01-a.md"), id="link"),
        pytest.param(
            '<a href="{% post_url 2024-01-01-a %}">a</a>', page("2024-01-01-a.md"), id="in HTML"
        ),
        pytest.param("[a]({% post_url 1999-01-01-gone %})", None, id="a post that is not there"),
    ],
)  # fmt: skip
def test_a_link_of_jekyll(tmp_path: Path, link: str, address: str | None) -> None:
    write_files(tmp_path, {
        "sources.toml": JEKYLL,
        "_posts/2024-01-01-a.md": "---\ntitle: A\n---\nText.",
        "_posts/sea/2024-01-02-b.md": "---\ntitle: B\n---\nText.",
        "_posts/2024-01-03-c.md": f"---\ntitle: C\n---\n{link}",
    })  # fmt: skip

    assert addresses(tmp_path, "_posts/2024-01-03-c.md") == ([address] if address else [])


@pytest.mark.parametrize(
    ("link", "address"),
    [
        pytest.param('[a]({{< ref "a.md" >}})', page("a.md"), id="ref to a file beside it"),
        pytest.param('[a]({{< relref "/posts/a" >}})', page("a.md"), id="relref from the root"),
        pytest.param('[a]({{% ref path="/posts/a.md" %}})', page("a.md"), id="a named path"),
        pytest.param('[a]({{< relref "a#end" >}})', page("a.md", "#s-end"), id="with a heading"),
        pytest.param('[a]({{< ref "b" >}})', page("b/index.md"), id="ref to a bundle"),
        pytest.param('[a]({{< ref "posts/b/index.md" >}})', page("b/index.md"), id="its file"),
        pytest.param('[a]({{< ref "deep" >}})', page("c/deep.md"), id="a name that one page has"),
        pytest.param('[a]({{< ref "twice" >}})', None, id="a name that two pages have"),
        pytest.param('[a]({{< ref "gone.md" >}})', None, id="a page that is not there"),
        pytest.param('[a]({{< ref "#end" >}})', None, id="only a heading"),
    ],
)
def test_a_reference_of_hugo(tmp_path: Path, link: str, address: str | None) -> None:
    names = ("a.md", "b/index.md", "c/deep.md", "c/twice.md", "d/twice.md")
    write_files(tmp_path, {f"content/posts/{n}": f"---\ntitle: {n}\n---\nText." for n in names})
    write_files(tmp_path, {
        "sources.toml": HUGO, "content/posts/from.md": f"---\ntitle: From\n---\n{link}",
    })  # fmt: skip

    found = addresses(tmp_path, "content/posts/from.md")

    assert found == ([address] if address else [])
