"""Decides when two addresses are one: a key for comparing, never for showing.

    http://www.Example.org:80/a/?utm_source=x#top   ->  example.org/a
    https://medium.com/@me/a-title-0123456789ab     ->  medium:0123456789ab
    https://me.medium.com/edited-0123456789ab?sk=1  ->  medium:0123456789ab

Written by hand: libraries know nothing of www, mobile hosts, index files and Medium's ids,
or drop parameters that carry meaning (`?v=`, `?id=`, `?page=`, hash routes). An address
whose copies are missed is shown twice; two addresses under one key hide a piece. So what
is tracking on one host and content on another (`?ref=`) falls only where we know the host
or the value.
"""

import re
import unicodedata
from collections.abc import Container
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import SplitResult, quote, unquote, urlsplit

_DEFAULT_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"(?:[a-z0-9_-]+\.)*[a-z0-9_-]+")

_DOUBLE_HOST = re.compile(r"^(?:www\d?|m|mobile|amp)\.(?=[^.]+\.[^.])")
# `m.co.uk` is a site of its own, not the mobile form of `co.uk`.
_SUFFIX_ALONE = re.compile(r"^(?:m|mobile|amp)\.(?:com?|org|net|ac|gov|edu|ne|or)\.[a-z]{2}$")
_WIKIMEDIA = r"wik(?:ipedia|tionary|isource|iquote|ibooks|inews|iversity|ivoyage|imedia|idata)"
_HOST_FORMS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(rf"^([a-z-]+)\.m\.({_WIKIMEDIA}\.org)$"), r"\1.\2"),
    (re.compile(r"^(?:old|new|np)\.(reddit\.com)$"), r"\1"),
    (re.compile(r"^([a-z0-9-]+)\.blogspot\.(?:com?\.)?[a-z]{2,3}$"), r"\1.blogspot.com"),
)

_FREE = "%/?:@!$&'()*+,;=~[]|"  # beside letters, digits, `-`, `.` and `_`
_PLAIN = re.compile(r"[a-zA-Z0-9_.~/:@!$&'()*+,;=|-]*")
_INDEX_FILE = re.compile(r"(?:index|default)\.(?:[sx]?html?|php\d?|aspx?|jsp|cgi)", re.IGNORECASE)
_AMP_ENDING = re.compile(r"(?<=.)\.amp(?=\.html?$|$)", re.IGNORECASE)
_SESSION_IN_PATH = re.compile(r";jsessionid=[^/]*", re.IGNORECASE)
_AMP_CACHE = re.compile(
    r"^https?://(?:(?:www\.)?google(?:\.[a-z]{2,3}){1,2}/amp"
    r"|(?:[a-z0-9-]+\.)?(?:cdn\.ampproject\.org|bing-amp\.com)/(?:c|v|wp))/(s/)?(.+)$",
    re.IGNORECASE,
)

# Names that count visits and mean nothing else, wherever they stand.
_TRACKING = re.compile(
    r"""utm_.+ | pk_(?:campaign|kwd|keyword|source|medium|content|cid) | (?:mtm|matomo|piwik)_.+
    | fbclid | g(?:clid|clsrc|braid) | wbraid | dclid | msclkid | y(?:s)?clid | twclid | ttclid
    | rb_clickid | li_fat_id | srsltid | epik | igshid? | igsh | mibextid | sfnsn | mc_[ce]id
    | _ga | _gl | ga_(?:source|medium|campaign|content|term) | _hs(?:enc|mi) | __hs(?:tc|sc|fp)
    | hsctatracking | mkt_tok | vero_(?:id|conv) | oly_(?:enc|anon)_id | wickedid | _openstat
    | ref_(?:src|url) | share_id | amp_(?:js_v|gsa|lite) | usqp | phpsessid | jsessionid
    | isfreemail | triedredirect | showwelcome(?:onshare)? | publication_id
    """,
    re.VERBOSE,
)

# Names that carry meaning elsewhere, and none on these hosts and those below them.
_TRACKING_AT: dict[str, frozenset[str]] = {
    host: frozenset(names.split())
    for host, names in {
        "medium.com": "source sk gi r responsesopen sortby",
        "substack.com": "r s post_id token",
        "x.com": "s t cxt lang",
        "youtube.com": "si feature pp ab_channel app",
        "linkedin.com": "trk trackingid lipi lici refid originalsubdomain midtoken midsig rcm",
        "quora.com": "share ch oid srid target_type no_redirect",
        "spotify.com": "si nd dl_branch context",
        "instagram.com": "hl img_index taken-by",
        "facebook.com": "ref fref hc_ref rdid share_url __tn__",
        "reddit.com": "ref ref_source rdt sh",
        "tiktok.com": "_t _r is_from_webapp sender_device",
        "nytimes.com": "smid smtyp smprod partner emc unlocked_article_code",
        "theguardian.com": "cmp",
        "apple.com": "uo itsct itscg",
        "blogspot.com": "m",
        "hashnode.dev": "source ref",
        "github.com": "tab",
    }.items()
}
# On these `?ref=` names a branch.
_GIT_HOSTS = frozenset(
    ("github.com", "gitlab.com", "codeberg.org", "bitbucket.org", "sr.ht", "gitea.com")
)

# Values that make an ambiguous name tracking wherever it stands: where a reader came from.
_CHANNELS = (
    r"twitter|facebook|fb|linkedin|reddit|hackernews|hacker_news|hn|lobsters|producthunt|rss|feed"
    r"|atom|newsletter|e?mail|telegram|whatsapp|pocket|mastodon|bluesky|bsky|threads|instagram"
    r"|tumblr|pinterest|slack|discord|feedly|flipboard|medium|substack|social"
)
_A_SITE = (
    r"(?:[a-z0-9-]+\.)+(?:com|org|net|edu|info|io|dev|blog|news|email|me|co|ai|app|xyz|uk|de|fr|eu)"
)
_TRACKING_VALUES: dict[str, re.Pattern[str]] = {
    name: re.compile(values, re.IGNORECASE)
    for name, values in {
        "ref": rf"{_CHANNELS}|{_A_SITE}",
        "source": rf"{_CHANNELS}|friends_link|(?:(?!----).)*----.*",  # Medium's: rss----0a1b2c
        "src": rf"{_CHANNELS}",
        "via": rf"{_CHANNELS}|{_A_SITE}",
        "referrer": rf"{_CHANNELS}|{_A_SITE}",
        "share": rf"{_CHANNELS}|x|google-plus-1|skype|print|jetpack-whatsapp",
        "nb": "1",  # stands beside WordPress's `share`
        "sk": "[0-9a-f]{32}",  # Medium's friend links, on custom domains too
        "gi": "[0-9a-f]{10,12}",
        "amp": "|1|true",
        "outputtype": "amp",
        "output": "amp",
    }.items()
}
# Substack's mails say these together, on a publication's own domain too.
_BESIDE_PUBLICATION = frozenset(("post_id", "r", "token", "s"))

_PARTS_NOT_PIECES = re.compile(
    r"top|content|main|comments?|respond|disqus_thread|more(?:-\d+)?|(?::~:.*)"
    r"|comment-\d+|utm_.*|xtor.*",
    re.IGNORECASE,
)

# Publications that Medium serves under their own domain: the same ids, the same pieces.
_MEDIUM_HOSTS = frozenset((
    "medium.com", "towardsdatascience.com", "betterprogramming.pub", "levelup.gitconnected.com",
    "uxdesign.cc", "itnext.io", "plainenglish.io", "blog.devgenius.io", "netflixtechblog.com",
    "betterhumans.pub", "writingcooperative.com", "codeburst.io", "generativeai.pub",
))  # fmt: skip
_ARXIV_HOSTS = frozenset(("arxiv.org", "ar5iv.org"))
_YOUTUBE_HOSTS = frozenset(("youtube.com", "youtube-nocookie.com"))
_MEDIUM_PIECE = re.compile(r"^(?!/(?:u|tag|m|search)/)(?:.*/)?(?!@)(?:[^/]*-)?([0-9a-f]{10,12})$")
_MEDIUM_PIECE_ELSEWHERE = re.compile(r"-([0-9a-f]{11,12})$")
_ARXIV = re.compile(
    r"^/(?:abs|pdf|html|format|ps|e-print|src)/"
    r"(?:([a-z-]+)(?:\.[a-z]{2})?/(\d{7})|(\d{4}\.\d{4,5}))(?:v\d+)?(?:\.pdf)?$",
    re.IGNORECASE,
)
_YOUTUBE_PATH = re.compile(r"^/(?:embed|shorts|live|v|e)/([\w-]{11})$")
_TWEET = re.compile(r"^/.+/status(?:es)?/(\d+)")


class _Address(NamedTuple):
    """An address taken apart: host and path in one spelling, the parameters that matter."""

    host: str
    port: str
    path: str
    query: tuple[tuple[str, str], ...]
    route: str


def host_of(url: str) -> str | None:
    """Return the host of an address, in lower case and ASCII; None for what is no address."""
    parts = _split(url)
    return _plain_host(parts) if parts else None


def address_key(url: str) -> str | None:
    """Return the key that all spellings of one address share; None for what is no address."""
    parts = _split(_without_amp_cache(url))
    if parts is None:
        return None
    address = _take_apart(parts)
    for find in (_medium, _arxiv, _doi, _youtube, _tweet, _substack):
        if known := find(address):
            return known
    query = "&".join(f"{name}={value}" if value else name for name, value in address.query)
    return (
        f"{address.host}{address.port}{address.path}"
        f"{'?' + query if query else ''}{'#' + address.route if address.route else ''}"
    )


def anchor_of(url: str) -> str:
    """Return the part of its page that an address points at, "" for the page as a whole.

    Keys leave it out, as most links to a part mean the page. But two entries that point at
    two parts (`/changelog#v1.8`, `/changelog#v1.9`) may be two pieces on one page.
    """
    fragment = unquote(url.partition("#")[2])
    if fragment.startswith(("/", "!")) or _PARTS_NOT_PIECES.fullmatch(fragment):
        return ""
    return fragment


def _split(url: str) -> SplitResult | None:
    url = url.strip()
    if not url.isprintable() or "\\" in url or " " in url:
        return None
    try:
        parts = urlsplit(url)
        is_web = parts.scheme in _DEFAULT_PORTS and "@" not in parts.netloc
        is_named = is_web and _plain_host(parts) and parts.port != 0
    except ValueError:  # a port that is none, brackets that do not close
        return None
    return parts if is_named else None


def _itself_or_above(host: str, hosts: Container[str]) -> str | None:
    """Return the first of `a.b.c`, `b.c` and `c` that is among `hosts`."""
    while host not in hosts:
        _, dot, host = host.partition(".")
        if not dot:
            return None
    return host


def _take_apart(parts: SplitResult) -> _Address:
    host = _shared_host(_plain_host(parts))
    port = parts.port
    return _Address(
        host=host,
        port="" if port in (None, _DEFAULT_PORTS[parts.scheme]) else f":{port}",
        path=_plain_path(parts.path, amp=not _itself_or_above(host, _GIT_HOSTS)),
        query=_meaningful(parts.query, host),
        route=_route(parts.fragment),
    )


def _plain_host(parts: SplitResult) -> str:
    """Return the host in lower case and ASCII, "" where none could be one.

    Labels are encoded one by one, as browsers do it: `ß` stays a letter of its own, which
    Python's codec turns into `ss`, another domain.
    """
    host = unquote(parts.hostname or "").lower().replace("\u3002", ".")
    if ":" in host:
        return f"[{host}]"
    host = unicodedata.normalize("NFKC", host).lower().rstrip(".")
    host = ".".join(map(_in_ascii, host.split(".")))
    return host if len(host) <= 253 and _HOST.fullmatch(host) else ""


def _in_ascii(label: str) -> str:
    return label if label.isascii() else "xn--" + label.encode("punycode").decode("ascii")


def _without_www(host: str) -> str:
    return host.removeprefix("www.")


def _shared_host(host: str) -> str:
    """Return the host that stands for its www, mobile and AMP forms."""
    while (match := _DOUBLE_HOST.match(host)) and not _SUFFIX_ALONE.match(host):
        host = host[match.end() :]
    if host == "twitter.com":
        return "x.com"
    for form, shared in _HOST_FORMS:
        host = form.sub(shared, host)
    return host


def _plain_path(path: str, *, amp: bool) -> str:
    """Return a path without double slashes, dot segments, index files and AMP endings.

    Where `amp` is False it is a name like any other: a repository, a branch.
    """
    kept: list[str] = []
    for segment in _SESSION_IN_PATH.sub("", _respell(path, keep="/?#%")).split("/"):
        if segment == "..":
            del kept[-1:]
        elif segment not in ("", "."):
            kept.append(segment)
    if kept and amp:
        kept[-1] = _AMP_ENDING.sub("", kept[-1])
    while kept and (
        _INDEX_FILE.fullmatch(kept[-1]) or (amp and len(kept) > 1 and kept[-1] == "amp")
    ):
        kept.pop()
    return "".join("/" + segment for segment in kept)


def _respell(text: str, keep: str) -> str:
    """Return a part of an address with each character encoded in one way.

    Escaped characters are set free, but for those in `keep`, which would get a meaning by
    it; all that is not ASCII is escaped as composed UTF-8.
    """
    kept = {c: quote(c, safe="") for c in keep}

    def free(match: re.Match[str]) -> str:
        characters = unquote(match[0], errors="surrogateescape")
        return "".join(kept.get(c, c) for c in characters)

    if _PLAIN.fullmatch(text):
        return text
    text = re.sub(r"%(?![0-9a-fA-F]{2})", "%25", text)
    text = unicodedata.normalize("NFC", re.sub(r"(?:%[0-9a-fA-F]{2})+", free, text))
    return quote(text, safe=_FREE, errors="surrogateescape")


def _meaningful(query: str, host: str) -> tuple[tuple[str, str], ...]:
    """Return the parameters that say which page is meant, by name.

    Values of one name keep their order: `?a=1&a=2` need not be `?a=2&a=1`.
    """
    if not query:
        return ()
    stated = (pair.removeprefix("amp;").partition("=") for pair in query.split("&"))
    pairs = [(name, value) for name, _, value in stated if name]
    if not _PLAIN.fullmatch(query) or "+" in query:
        pairs = [(_respell_parameter(name), _respell_parameter(value)) for name, value in pairs]
    mails = any(name == "publication_id" for name, _ in pairs)
    site = _itself_or_above(host, _TRACKING_AT)
    noise = (_TRACKING_AT[site] if site else frozenset()) | (
        _BESIDE_PUBLICATION if mails else frozenset()
    )
    kept = (
        (name, value)
        for name, value in pairs
        if (plain := name.lower()) not in noise
        and not _counts_visits(plain)
        and not (plain in _TRACKING_VALUES and _has_tracking_value(plain, value, host))
    )
    return tuple(sorted(kept, key=lambda pair: pair[0]))


def _respell_parameter(text: str) -> str:
    return _respell(text.replace("+", "%20"), keep="&=+#%")


@lru_cache(maxsize=1_000)
def _counts_visits(name: str) -> bool:
    return bool(_TRACKING.fullmatch(name))


def _has_tracking_value(name: str, value: str, host: str) -> bool:
    if name == "ref" and _itself_or_above(host, _GIT_HOSTS):
        return False
    return bool(_TRACKING_VALUES[name].fullmatch(value))


def _route(fragment: str) -> str:
    """Return the fragment of a page that is one script (`#/a`, `#!a`), "" for any other."""
    if not fragment.startswith(("/", "!")):
        return ""
    return _respell(fragment, keep="%").rstrip("/") if fragment.strip("/!") else ""


def _without_amp_cache(url: str) -> str:
    """Return the address that a page in a cache of AMP pages stands for."""
    url = url.strip()
    for _ in range(3):  # a cache may hold a page of another
        match = _AMP_CACHE.match(url)
        if not match:
            break
        page = re.sub("%3f", "?", match[2], count=1, flags=re.IGNORECASE)
        url = f"{'https' if match[1] else 'http'}://{page}"
    return url


def _medium(address: _Address) -> str | None:
    """Return the key by Medium's id, which survives new titles, publications and domains."""
    site = _itself_or_above(address.host, _MEDIUM_HOSTS)
    if not site:
        return None
    pattern = _MEDIUM_PIECE if site == "medium.com" else _MEDIUM_PIECE_ELSEWHERE
    found = pattern.search(address.path)
    return f"medium:{found[1]}" if found else None


def _arxiv(address: _Address) -> str | None:
    if not _itself_or_above(address.host, _ARXIV_HOSTS):
        return None
    found = _ARXIV.match(address.path)
    if not found:
        return None
    return f"arxiv:{found[3]}" if found[3] else f"arxiv:{found[1].lower()}/{found[2]}"


def _doi(address: _Address) -> str | None:
    if address.host not in ("doi.org", "dx.doi.org") or not address.path.startswith("/10."):
        return None
    doi = address.path[1:].lower()
    own = re.fullmatch(r"10\.48550/arxiv\.(.+?)(?:v\d+)?", doi)
    return f"arxiv:{own[1]}" if own else f"doi:{doi}"


def _youtube(address: _Address) -> str | None:
    if address.host == "youtu.be":
        video = address.path[1:]
    elif _itself_or_above(address.host, _YOUTUBE_HOSTS):
        found = _YOUTUBE_PATH.match(address.path)
        video = found[1] if found else dict(address.query).get("v", "")
    else:
        return None
    return f"youtube:{video}" if re.fullmatch(r"(?!videoseries)[\w-]{11}", video) else None


def _tweet(address: _Address) -> str | None:
    found = _TWEET.match(address.path) if address.host == "x.com" else None
    return f"x.com/status/{found[1]}" if found else None


def _substack(address: _Address) -> str | None:
    """Return the key of a letter opened in Substack's own reader: that of its publication."""
    if address.host != "open.substack.com":
        return None
    found = re.match(r"^/pub/([\w-]+)(/p/[^/]+)$", address.path)
    return f"{found[1]}.substack.com{found[2]}" if found else None
