"""When two addresses are one, and when they only look alike."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from searchapp.sources.entries import name_of_host
from searchapp.urls import address_key, host_of

PAGE = "https://example.org/notes/salt"
ONE_PAGE = [
    ("a scheme", PAGE, "http://example.org/notes/salt"),
    ("a scheme in capitals", PAGE, "HTTPS://example.org/notes/salt"),
    ("a host in capitals", PAGE, "https://Example.ORG/notes/salt"),
    ("www", PAGE, "https://www.example.org/notes/salt"),
    ("a numbered www", PAGE, "https://www2.example.org/notes/salt"),
    ("a mobile host", PAGE, "https://m.example.org/notes/salt"),
    ("a mobile host in full", PAGE, "https://mobile.example.org/notes/salt"),
    ("an AMP host", PAGE, "https://amp.example.org/notes/salt"),
    ("a slash at the end", PAGE, "https://example.org/notes/salt/"),
    ("a slash twice", PAGE, "https://example.org//notes///salt"),
    ("a port that goes without saying", PAGE, "https://example.org:443/notes/salt"),
    ("the same port of http", PAGE, "http://example.org:80/notes/salt"),
    ("the dot of the root zone", PAGE, "https://example.org./notes/salt"),
    ("space around it", PAGE, "  https://example.org/notes/salt\n"),
    ("a heading", PAGE, "https://example.org/notes/salt#brine"),
    ("a piece of text", PAGE, "https://example.org/notes/salt#:~:text=brine"),
    ("an index file", PAGE, "https://example.org/notes/salt/index.html"),
    ("an index file of PHP", PAGE, "https://example.org/notes/salt/index.php"),
    ("an index file of ASP", PAGE, "https://example.org/notes/salt/Default.aspx"),
    ("the first page", "https://example.org", "https://example.org/index.htm?"),
    ("an AMP page", PAGE, "https://example.org/notes/salt/amp/"),
    ("an AMP file", PAGE + ".html", "https://example.org/notes/salt.amp.html"),
    ("an AMP ending", PAGE, "https://example.org/notes/salt.amp"),
    ("an AMP switch", PAGE, "https://example.org/notes/salt?amp=1"),
    ("Google's AMP page", PAGE, "https://www.google.com/amp/s/www.example.org/notes/salt/amp/"),
    ("an AMP cache", PAGE, "https://example-org.cdn.ampproject.org/c/s/example.org/notes/salt"),
    ("a dot segment", PAGE, "https://example.org/notes/./salt"),
    ("two dots", PAGE, "https://example.org/drafts/../notes/salt"),
    ("more dots than folders", PAGE, "https://example.org/../../notes/salt"),
    ("letters percent-encoded", PAGE, "https://example.org/notes/%73alt"),
    ("small hex digits", "https://example.org/caf%C3%A9", "https://example.org/caf%c3%a9"),
    ("letters as they are read", "https://example.org/caf%C3%A9", "https://example.org/café"),
    ("brackets encoded", "https://example.org/Salt_(band)", "https://example.org/Salt_%28band%29"),
    ("a host in its own script", "https://bücher.example/a", "https://xn--bcher-kva.example/a"),
    ("such a host in capitals", "https://bücher.example/a", "https://BÜCHER.example/a"),
    ("a wide full stop", "https://bücher.example/a", "https://bücher。example/a"),
    ("no value at all", PAGE, "https://example.org/notes/salt?"),
    ("the order of parameters", PAGE + "?a=1&b=2", PAGE + "?b=2&a=1"),
    ("a plus for a space", PAGE + "?q=sea+salt", PAGE + "?q=sea%20salt"),
    ("where a reader came from", PAGE, PAGE + "?utm_source=eddy&utm_medium=email"),
    ("that in capitals", PAGE, PAGE + "?UTM_SOURCE=eddy"),
    ("beside what has meaning", PAGE + "?id=4", PAGE + "?utm_campaign=x&id=4&fbclid=IwAR0"),
    ("a click", PAGE, PAGE + "?gclid=abc&msclkid=def&igshid=g"),
    ("a newsletter's mark", PAGE, PAGE + "?mc_cid=1&mc_eid=2"),
    ("a known channel", PAGE, PAGE + "?ref=hackernews"),
    ("a feed", PAGE, PAGE + "?source=rss"),
    ("a hash route", "https://example.org/#/notes/salt", "http://www.example.org/#/notes/salt/"),
    ("the first route", "https://example.org/", "https://example.org/#/"),
    ("Medium: a user's own host", "https://medium.com/@wren/salt-0123456789ab",
     "https://wren.medium.com/salt-0123456789ab"),
    ("Medium: the short form", "https://medium.com/@wren/salt-0123456789ab",
     "https://medium.com/p/0123456789ab"),
    ("Medium: an edited title", "https://medium.com/@wren/salt-0123456789ab",
     "https://medium.com/@wren/on-salt-0123456789ab?source=friends_link&sk=99"),
    ("Medium: a publication", "https://medium.com/@wren/salt-0123456789ab",
     "http://medium.com/the-eddy/salt-0123456789ab#--responses"),
    ("Medium: an old, shorter id", "https://medium.com/@wren/salt-0a1b2c3d4e",
     "https://medium.com/p/0a1b2c3d4e"),
    ("arXiv: a version", "https://arxiv.org/abs/2105.01234", "https://arxiv.org/abs/2105.01234v3"),
    ("arXiv: the PDF", "https://arxiv.org/abs/2105.01234", "http://arxiv.org/pdf/2105.01234v1.pdf"),
    ("arXiv: a mirror", "https://arxiv.org/abs/2105.01234",
     "https://export.arxiv.org/abs/2105.01234"),
    ("arXiv: an old id", "https://arxiv.org/abs/math/0211159",
     "https://arxiv.org/pdf/math/0211159v1"),
    ("YouTube: the short host", "https://www.youtube.com/watch?v=a-B_c1d2e3f",
     "https://youtu.be/a-B_c1d2e3f?si=xyz&t=42"),
    ("YouTube: embedded", "https://www.youtube.com/watch?v=a-B_c1d2e3f",
     "https://www.youtube-nocookie.com/embed/a-B_c1d2e3f?start=3"),
    ("YouTube: a short", "https://www.youtube.com/watch?v=a-B_c1d2e3f",
     "https://youtube.com/shorts/a-B_c1d2e3f"),
    ("YouTube: in a list", "https://www.youtube.com/watch?v=a-B_c1d2e3f",
     "https://m.youtube.com/watch?list=PL1&index=2&v=a-B_c1d2e3f"),
    ("a tweet after the renaming", "https://twitter.com/wren/status/123?s=20",
     "https://x.com/wren/status/123"),
    ("a tweet without its writer", "https://twitter.com/wren/status/123",
     "https://x.com/i/web/status/123"),
    ("Substack: shared", "https://eddy.substack.com/p/salt",
     "https://eddy.substack.com/p/salt?r=1abc&s=w&utm_medium=ios"),
    ("Substack: opened in its app", "https://eddy.substack.com/p/salt",
     "https://open.substack.com/pub/eddy/p/salt?r=1abc"),
    ("Quora: shared", "https://www.quora.com/Why-salt/answer/Wren",
     "https://quora.com/Why-salt/answer/Wren?share=1&ch=10"),
    ("Wikipedia on a phone", "https://en.wikipedia.org/wiki/Salt",
     "https://en.m.wikipedia.org/wiki/Salt"),
    ("Reddit as it was", "https://www.reddit.com/r/salt/comments/1/a/",
     "https://old.reddit.com/r/salt/comments/1/a"),
    ("www and m.", PAGE, "https://www.m.example.org/notes/salt"),
    ("a session in the path", PAGE, PAGE + ";jsessionid=0A1B2C"),
    ("an accent in two characters, one encoded", "https://example.org/été",
     "https://example.org/e%CC%81t%C3%A9"),
    ("utm, badly escaped", PAGE, PAGE + "?utm_source=x&amp;utm_medium=email"),
    ("ref with a site", PAGE, PAGE + "?ref=wren.example.com"),
    ("via a channel", PAGE, PAGE + "?via=hackernews"),
    ("a share button", PAGE, PAGE + "?share=twitter&nb=1"),
    ("Medium on a domain of its own", "https://medium.com/@wren/salt-0123456789ab",
     "https://towardsdatascience.com/salt-0123456789ab/"),
    ("arXiv by DOI", "https://arxiv.org/abs/2501.01234",
     "https://doi.org/10.48550/arXiv.2501.01234"),
    ("a DOI in capitals", "https://doi.org/10.1000/AbC", "http://dx.doi.org/10.1000/abc"),
    ("a letter's mail on a domain of its own", "https://letters.example/p/salt",
     "https://letters.example/p/salt?publication_id=1&post_id=2&isFreemail=true&r=5x"),
    ("a blog under two countries", "https://wren.blogspot.com/2012/01/salt.html",
     "http://wren.blogspot.co.uk/2012/01/salt.html?m=1"),
]  # fmt: skip

TWO_PAGES = [
    ("two paths", PAGE, "https://example.org/notes/sand"),
    ("two hosts", PAGE, "https://example.net/notes/salt"),
    ("a host of its own", PAGE, "https://notes.example.org/notes/salt"),
    ("two letters' case in a path", PAGE, "https://example.org/notes/Salt"),
    ("another port", PAGE, "https://example.org:8443/notes/salt"),
    ("http's port under https", PAGE, "https://example.org:80/notes/salt"),
    ("?id=", PAGE + "?id=1", PAGE + "?id=2"),
    ("?p=", "https://example.org/?p=1", "https://example.org/?p=2"),
    ("?p= of an index file", "https://example.org/index.php?p=1",
     "https://example.org/index.php?p=2"),
    ("?page=", PAGE, PAGE + "?page=2"),
    ("?lang=", PAGE + "?lang=de", PAGE + "?lang=en"),
    ("?s=", "https://example.org/?s=salt", "https://example.org/?s=sand"),
    ("?v=", PAGE + "?v=1", PAGE + "?v=2"),
    ("?r= where it may mean anything", PAGE + "?r=1", PAGE + "?r=2"),
    ("?source= likewise", PAGE + "?source=1", PAGE + "?source=2"),
    ("?share= likewise", PAGE + "?share=2", PAGE + "?share=3"),
    ("a name that has no value", PAGE, PAGE + "?print"),
    ("one name's values in another order", PAGE + "?a=1&a=2", PAGE + "?a=2&a=1"),
    ("a branch", "https://github.com/wren/maps/blob/x.md?ref=main",
     "https://github.com/wren/maps/blob/x.md?ref=dev"),
    ("a branch named like a channel", "https://gitlab.com/wren/maps/-/blob/x.md?ref=newsletter",
     "https://gitlab.com/wren/maps/-/blob/x.md"),
    ("a branch anywhere", PAGE + "?ref=main", PAGE),
    ("a host that is called m", "https://m.co.uk/x", "https://co.uk/x"),
    ("a user's page on Medium", "https://medium.com/u/0123456789ab",
     "https://medium.com/@wren/salt-0123456789ab"),
    ("a branch that looks like a site", "https://gitlab.com/wren/salt?ref=release.io",
     "https://gitlab.com/wren/salt"),
    ("a repository called amp", "https://github.com/wren/amp", "https://github.com/wren"),
    ("a first page about amps", "https://example.org/amp", "https://example.org/"),
    ("hash routes", "https://example.org/#/notes/salt", "https://example.org/#/notes/sand"),
    ("older hash routes", "https://example.org/#!topic/salt", "https://example.org/#!topic/sand"),
    ("a hash route and the page", "https://example.org/#/notes", "https://example.org/"),
    ("two posts on Medium", "https://medium.com/@wren/salt-0123456789ab",
     "https://medium.com/@wren/salt-0123456789ac"),
    ("two writers on Medium", "https://medium.com/@wren", "https://medium.com/@robin"),
    ("Medium's id on another host", "https://medium.com/@wren/salt-0123456789ab",
     "https://example.org/salt-0123456789ab"),
    ("two papers", "https://arxiv.org/abs/2105.01234", "https://arxiv.org/abs/2105.01235"),
    ("two lists of papers", "https://arxiv.org/list/cs.CL/recent",
     "https://arxiv.org/list/cs.LG/recent"),
    ("two videos", "https://www.youtube.com/watch?v=a-B_c1d2e3f",
     "https://www.youtube.com/watch?v=a-B_c1d2e3F"),
    ("two lists of videos", "https://www.youtube.com/playlist?list=PL1",
     "https://www.youtube.com/playlist?list=PL2"),
    ("two lists embedded", "https://www.youtube.com/embed/videoseries?list=PL1",
     "https://www.youtube.com/embed/videoseries?list=PL2"),
    ("two searches on Twitter", "https://twitter.com/search?q=salt",
     "https://twitter.com/search?q=sand"),
    ("a slash that is part of a name", "https://example.org/a%2Fb", "https://example.org/a/b"),
    ("a question mark in a name", "https://example.org/why%3F", "https://example.org/why?"),
    ("bytes of another encoding", "https://example.org/?q=caf%E9", "https://example.org/?q=caf%E8"),
    ("ß and ss in a host", "https://straße.example/", "https://strasse.example/"),
    ("accents in a host", "https://bücher.example/", "https://bucher.example/"),
    ("two addresses of one machine", "http://[::1]:8000/", "http://[::1:8000]/"),
    ("www as the whole name", "https://www.example/", "https://example/"),
    ("a file and a folder", PAGE + ".html", PAGE),
    ("pages that are indexed", "https://example.org/myindex.html", "https://example.org/"),
]  # fmt: skip

NO_ADDRESS = [
    "",
    " ",
    "salt",
    "/notes/salt",
    "//example.org/notes/salt",
    "example.org/notes/salt",
    "javascript:alert(1)",
    "JavaScript://example.org/%0aalert(1)",
    "data:text/html,salt",
    "mailto:wren@example.org",
    "ftp://example.org/salt",
    "file:///etc/passwd",
    "https://",
    "https:///notes",
    "https://./",
    "https://a..b/",
    "https://exa mple.org/",
    "https://example.org/a b",
    "https://example.org/a\tb",
    "https://example.org/a\x00b",
    "https://example.org/a\x85b",
    "https://example.org/a\u200bb",
    "https://example.org/a\u202eb",
    "https://example.org/a\ud800b",
    "https://example.org\\@other.example/",
    "https://wren@example.org/",
    "https://wren:secret@example.org/",
    "https://@example.org/",
    "https://example.org:99999/",
    "https://example.org:0/",
    "https://example.org:salt/",
    "https://[::1/",
    "https://[example.org]/",
    "https://example\u2100.org/",
    "https://a,b/",
    "https://" + "a" * 300 + ".example/",
    "https://google.com/amp/s/[",
    "https://google.com/amp/s/wren@example.org/",
]


@pytest.mark.parametrize(("one", "other"), [pytest.param(*c[1:], id=c[0]) for c in ONE_PAGE])
def test_spellings_of_one_address_have_one_key(one, other):
    assert address_key(one) is not None
    assert address_key(one) == address_key(other)


@pytest.mark.parametrize(("one", "other"), [pytest.param(*c[1:], id=c[0]) for c in TWO_PAGES])
def test_addresses_of_two_pages_have_two_keys(one, other):
    assert address_key(one) is not None
    assert address_key(other) is not None
    assert address_key(one) != address_key(other)


@pytest.mark.parametrize("text", NO_ADDRESS, ids=ascii)
def test_what_is_no_address_has_no_key(text):
    assert address_key(text) is None


@pytest.mark.parametrize("text", [t for t in NO_ADDRESS if "/amp/s/" not in t], ids=ascii)
def test_what_is_no_address_may_not_stand_in_a_link(text):
    assert host_of(text) is None


@pytest.mark.parametrize(
    ("url", "key"),
    [
        (PAGE, "example.org/notes/salt"),
        ("https://www.example.org/", "example.org"),
        ("https://www.example.org:8443/?b=2&a=1", "example.org:8443?a=1&b=2"),
        ("https://medium.com/@wren/salt-0123456789ab", "medium:0123456789ab"),
        ("https://arxiv.org/abs/2105.01234v2", "arxiv:2105.01234"),
        ("https://youtu.be/a-B_c1d2e3f", "youtube:a-B_c1d2e3f"),
    ],
)
def test_a_key_tells_where_it_leads(url, key):
    assert address_key(url) == key


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://www.Example.org:8443/a", "www.example.org"),
        ("https://bücher.example./", "xn--bcher-kva.example"),
        ("http://[::1]/", "[::1]"),
        ("http://127.0.0.1:8000/", "127.0.0.1"),
        ("http://localhost/", "localhost"),
    ],
)
def test_a_host_is_in_lower_case_and_ascii(url, host):
    assert host_of(url) == host


@pytest.mark.parametrize(
    ("host", "hosts", "match"),
    [
        ("medium.com", ["quora.com", "medium.com"], "medium.com"),
        ("wren.medium.com", ["medium.com"], "medium.com"),
        ("www.medium.com", ["medium.com"], "medium.com"),
        ("wren.medium.com", ["medium.com", "wren.medium.com"], "wren.medium.com"),
        ("notmedium.com", ["medium.com"], None),
        ("medium.com", ["wren.medium.com"], None),
        ("medium.com.example", ["medium.com"], None),
        ("medium.com", [], None),
    ],
)
def test_a_host_is_named_by_itself_or_a_parent_the_nearest_first(host, hosts, match):
    assert name_of_host(f"https://{host}/", {name: name for name in hosts}) == match


@given(st.text(max_size=200))
def test_no_text_is_too_odd_for_a_key(text):
    assert address_key(text) is None or host_of(text)


@given(st.text(alphabet="ahm.w:/?#&=%2ECß。@[]\\\u0301-~é\ud800", max_size=60))
@example("google.com/amp/s/google.com/amp/s/[")
@example("cdn.ampproject.org/c/s/x:y")
@example("a.example/%ff%FE?%ff=%fe#/%ff")
def test_no_address_is_too_odd_for_a_key(tail):
    for prefix in ("https://", "https://example.org/", "https://example.org/?"):
        key = address_key(prefix + tail)
        assert key is None or key.isascii()


@given(
    st.from_regex(r"[a-z]{1,8}\.example(/[a-zA-Z0-9%.é~-]{0,8}){0,4}", fullmatch=True),
    st.lists(st.tuples(st.sampled_from("abp"), st.text(max_size=5)), max_size=3),
)
def test_a_key_read_as_an_address_is_its_own_key(address, pairs):
    query = "&".join(f"{name}={value.encode('utf-8', 'ignore').hex()}" for name, value in pairs)
    key = address_key(f"https://{address}?{query}")

    assert key is not None
    assert address_key(f"https://{key}") == key


HOSTILE = {
    "slashes": "/" * 100_000,
    "dots": "/.." * 33_000,
    "dots between": "/a/.." * 20_000,
    "amp": "/amp" * 25_000,
    "amp endings": ".amp" * 25_000,
    "index files": "/index.html" * 9_000,
    "percent signs": "%" * 100_000,
    "encoded letters": "%61" * 33_000,
    "letters": "é" * 50_000,
    "parameters": "?" + "a=b&" * 25_000,
    "tracking": "?" + "utm_a=b&" * 12_500,
    "one long parameter": "?utm_" + "a" * 100_000 + "-=",
    "channels": "?source=rss-" + "-" * 100_000,
    "a long fragment": "#/" + "a/" * 50_000,
    "hex": "/" + "-0123456789ab" * 7_500,
    "a long number": "/abs/" + "v1" * 50_000,
    "one long version": "/abs/v" + "1" * 100_000 + "x",
    "nested caches": "/google.com/amp/s" * 6_000,
}


@pytest.mark.parametrize("tail", HOSTILE.values(), ids=HOSTILE)
def test_long_addresses_are_read(tail):
    for host in ("example.org", "medium.com", "arxiv.org", "www.google.com/amp/s/youtube.com"):
        key = address_key(f"https://{host}{tail}")
        assert key is None or key.isascii()


def test_a_long_host_is_refused():
    for host in ("é" * 100_000, "a." * 50_000, "-" * 100_000, "[" + ":" * 100_000 + "]"):
        assert address_key(f"https://{host}/") is None
