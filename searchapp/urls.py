"""Decides when two addresses are one: a key for comparing, never for showing.

    http://www.Example.org/a/?utm_source=x  ->  example.org/a
    https://medium.com/@me/a-title-0123456789ab, https://me.medium.com/other-0123456789ab
                                            ->  medium:0123456789ab

Hand-written, as libraries either know less (www, mobile hosts, index files, Medium's ids)
or drop parameters that carry meaning (`?v=`, `?id=`, hash routes).
"""

import posixpath
import re
import unicodedata
from collections.abc import Iterable, Mapping, Set
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit

LONGEST_HOST = 253  # characters, by RFC 1035; also keeps the work on a hostile one small

_HOST = re.compile(r"(?:[a-z0-9_-]+\.)*[a-z0-9_-]+|\[[0-9a-f:.]+\]")
_MIRROR_HOST = re.compile(r"^(?:www\d?|m|mobile|amp)\.(?=[^.]+\.)")
_MOBILE_WIKI = re.compile(r"\.m\.(?=(?:wikipedia|wiktionary|wikibooks|wikisource)\.org$)")
_INDEX_FILE = re.compile(r"/(?:index|default)\.(?:html?|php|aspx?)$", re.IGNORECASE)
_AMP_SUFFIX = re.compile(r"(?<=[^/])(?:/amp|\.amp)$|\.amp(?=\.html?$)")
_AMP_CACHE = re.compile(
    r"https?://(?:(?:www\.)?google\.[a-z.]+/amp|[^/]+\.cdn\.ampproject\.org/[a-z])/(?:s/)?(.+)",
    re.IGNORECASE,
)
_AMP_HOPS = 3  # a cached page of a cached page; nobody nests them deeper
_MEDIUM_ID = re.compile(r"[-/]([0-9a-f]{10,12})$")
_ARXIV = re.compile(r"^/(?:abs|pdf|html)/(.+?)(?:v\d+)?(?:\.pdf)?$")
_YOUTUBE = re.compile(r"^/(?:embed|shorts|live|v)/(?!videoseries$|live_stream$)([\w-]+)")
_TWEET = re.compile(r"^/(?:i/web|\w+)/status(?:es)?/(\d+)")
_SUBSTACK = re.compile(r"^/pub/([\w-]+)(/p/.+)")

_TRACKING = re.compile(
    r"(?:utm_\w+|fbclid|gclid|gclsrc|gbraid|wbraid|dclid|msclkid|twclid|ttclid|yclid|igshid|igsh"
    r"|mc_cid|mc_eid|mtm_\w+|pk_(?:campaign|kwd|source|medium)|_hsenc|_hsmi|_ga|_gl|mkt_tok"
    r"|vero_id|oly_enc_id|oly_anon_id|wickedid|ref_src|ref_url|sfnsn|mibextid|usqp|amp_js_v"
    r"|__twitter_impression)",
    re.IGNORECASE,
)
# Names that carry meaning elsewhere are dropped on these sites only.
_TRACKING_AT: dict[str, Set[str]] = {
    "medium.com": {"source", "sk", "gi", "r"},
    "substack.com": {"r", "s", "post_id", "publication_id", "isFreemail", "triedRedirect", "token",
                     "showWelcomeOnShare"},
    "twitter.com": {"s", "t", "ref"},
    "x.com": {"s", "t", "ref"},
    "youtube.com": {"si", "feature", "pp", "ab_channel"},
    "linkedin.com": {"trk", "trackingId", "originalSubdomain"},
    "quora.com": {"share", "ch", "oid", "srid", "target_type"},
    "reddit.com": {"share_id", "rdt", "ref", "ref_source"},
    "spotify.com": {"si"},
    "instagram.com": {"hl"},
}  # fmt: skip
# These values of ambiguous names mean tracking, except where `ref` names a branch.
_CHANNELS = r"rss|twitter|newsletter|email|facebook|linkedin"
_TRACKING_VALUES = {
    "source": re.compile(rf"{_CHANNELS}|rss-.*|friends_link|collection_\w+|user_profile.*", re.I),
    "ref": re.compile(rf"{_CHANNELS}|producthunt|hackernews", re.I),
    "via": re.compile(_CHANNELS, re.I),
    "share": re.compile(rf"1|{_CHANNELS}", re.I),
    "amp": re.compile(r"1|true|", re.I),
    "outputType": re.compile(r"amp", re.I),
}
_CODE_HOST = re.compile(r"(?:^|\.)(?:git|github|gitlab|gitea|bitbucket|codeberg|sr)\.")
_DEFAULT_PORTS = {"http": 80, "https": 443}


def is_web_address(url: str) -> bool:
    """Whether `url` is an http or https address that may stand in a link.

    Refused are a name before `@`, which makes an address look like that of another host,
    and controls, spaces and backslashes, which browsers read in different ways.
    """
    return _read(url) is not None


def host_of(url: str) -> str | None:
    """Return the host of an address in lower case and ASCII, None for what is not one."""
    parts = _read(url)
    return _ascii_host(parts) if parts else None


def matching_host(host: str, hosts: Iterable[str]) -> str | None:
    """Return which of `hosts` names `host`: itself or a parent; `www.` does not matter."""
    known = {name.lower().removeprefix("www."): name for name in hosts}
    labels = host.lower().removeprefix("www.").split(".")
    candidates = (".".join(labels[i:]) for i in range(len(labels)))
    return next((known[name] for name in candidates if name in known), None)


def address_key(url: str) -> str | None:
    """Return the key that all spellings of one address share; None for what is no address."""
    parts = _read(_without_amp_cache(url))
    if parts is None:
        return None
    host = _plain_host(_ascii_host(parts) or "")
    path = _plain_path(parts.path, amp=not _CODE_HOST.search(host))
    query = _meaningful(_read_query(parts.query), host)
    if known := _known_id(host, path, dict(query)):
        return known
    host, path = _one_home(host, path)
    if parts.port and parts.port != _DEFAULT_PORTS[parts.scheme]:
        host += f":{parts.port}"
    return f"{host}{path}{_plain_query(query)}{_route(parts.fragment)}"


def _read(url: str) -> SplitResult | None:
    """Take an address apart; return None where it is none, or one that hides another."""
    url = url.strip()
    if not url.isprintable() or " " in url or "\\" in url:
        return None
    try:
        parts = urlsplit(url)
        usable = parts.scheme in _DEFAULT_PORTS and "@" not in parts.netloc and parts.port != 0
    except ValueError:
        return None
    return parts if usable and _ascii_host(parts) else None


def _ascii_host(parts: SplitResult) -> str | None:
    """Return the host as a name server is asked for it, None where it is no host's name.

    Python's own `idna` codec makes `ß` to `ss`, which browsers keep apart.
    """
    host = parts.hostname or ""
    if ":" in host:
        host = f"[{host}]"
    elif not host.isascii():
        host = unicodedata.normalize("NFKC", host).lower().replace("。", ".")
    host = host.removesuffix(".")
    if len(host) > LONGEST_HOST:
        return None
    ascii_host = host if host.isascii() else ".".join(map(_ascii_label, host.split(".")))
    return ascii_host if _HOST.fullmatch(ascii_host) else None


def _ascii_label(label: str) -> str:
    return label if label.isascii() else "xn--" + label.encode("punycode").decode("ascii")


def _plain_host(host: str) -> str:
    return _MIRROR_HOST.sub("", _MOBILE_WIKI.sub(".", host))


def _plain_path(path: str, *, amp: bool) -> str:
    path = re.sub(r"/{2,}", "/", "/".join(map(_plain_segment, path.split("/"))))
    if "/." in path:
        path = posixpath.normpath(path)
    path = path.rstrip("/")
    if amp:
        path = _AMP_SUFFIX.sub("", path)
    return _INDEX_FILE.sub("", path).rstrip("/")


def _plain_segment(segment: str) -> str:
    """Return one segment of a path with what need not be encoded decoded: `%2F` stays."""
    if segment.isascii() and "%" not in segment and segment.isalnum():
        return segment
    decoded = unquote(segment, errors="surrogateescape")
    return quote(decoded, safe=":@!$&'()*+,;=~", errors="surrogateescape")


def _without_amp_cache(url: str) -> str:
    """Return the address that a Google AMP page or cache stands for."""
    for _ in range(_AMP_HOPS):
        if not (match := _AMP_CACHE.match(url.strip())):
            break
        url = "https://" + match[1]
    return url


def _read_query(query: str) -> list[tuple[str, str]]:
    return parse_qsl(query, keep_blank_values=True, errors="surrogateescape") if query else []


def _meaningful(pairs: list[tuple[str, str]], host: str) -> list[tuple[str, str]]:
    if not pairs:
        return pairs
    dropped = _TRACKING_AT.get(_site_of(host), frozenset())
    code = _CODE_HOST.search(host)
    return [
        (name, value)
        for name, value in pairs
        if not (
            _TRACKING.fullmatch(name)
            or name in dropped
            or (not code and name in _TRACKING_VALUES and _TRACKING_VALUES[name].fullmatch(value))
        )
    ]


def _plain_query(pairs: list[tuple[str, str]]) -> str:
    """Return a query in the order of its names; values of one name keep theirs."""
    if not pairs:
        return ""
    ordered = sorted(pairs, key=lambda pair: pair[0])
    return "?" + urlencode(ordered, errors="surrogateescape")


def _route(fragment: str) -> str:
    """Return a fragment where it is a route of a page that is one script, else nothing."""
    if not fragment.startswith(("/", "!")) or not fragment.strip("/!"):
        return ""
    return "#" + "/".join(map(_plain_segment, fragment.rstrip("/").split("/")))


def _site_of(host: str) -> str:
    """Return the last two labels of a host: those of the sites that we know have no more."""
    return ".".join(host.rsplit(".", 2)[-2:])


def _known_id(host: str, path: str, query: Mapping[str, str]) -> str | None:
    """Return the key by a known site's own id, where its addresses carry one."""
    site = _site_of(host)
    if site == "medium.com" and (found := _MEDIUM_ID.search(path)):
        return f"medium:{found[1]}"
    if site in ("arxiv.org", "ar5iv.org") and (found := _ARXIV.match(path)):
        return f"arxiv:{found[1]}"
    if site == "youtu.be" and path:
        return f"youtube:{path[1:]}"
    if site in ("youtube.com", "youtube-nocookie.com"):
        if path == "/watch" and query.get("v"):
            return f"youtube:{query['v']}"
        if found := _YOUTUBE.match(path):
            return f"youtube:{found[1]}"
    if site in ("twitter.com", "x.com") and (found := _TWEET.match(path)):
        return f"x:{found[1]}"
    return None


def _one_home(host: str, path: str) -> tuple[str, str]:
    """Return host and path of a page that one site serves in two places, in one of them."""
    if host == "twitter.com":
        return "x.com", path
    if host == "open.substack.com" and (found := _SUBSTACK.match(path)):
        return f"{found[1].lower()}.substack.com", found[2]
    if host in ("old.reddit.com", "np.reddit.com", "new.reddit.com"):
        return "reddit.com", path
    return host, path
