"""Reads what a site's own configuration says: its name, its address, where its posts stand.

`searchapp init` asks. Each generator has a reader; nothing of a site is ever run.
"""

from pathlib import Path

from searchapp.sources.site_files import Site
from searchapp.sources.sites_of_hugo import read_hugo, read_zola
from searchapp.sources.sites_of_javascript import read_astro, read_eleventy
from searchapp.sources.sites_of_jekyll import read_jekyll
from searchapp.sources.sites_of_pelican import read_pelican


def read_site(generator: str, root: Path) -> Site:
    """Return what the configuration in a site's folder says, as far as it can be read."""
    reader = _READERS.get(generator)
    return reader(root) if reader else Site()


_READERS = {
    "jekyll": read_jekyll,
    "academicpages": read_jekyll,
    "hugo": read_hugo,
    "zola": read_zola,
    "pelican": read_pelican,
    "eleventy": read_eleventy,
    "astro": read_astro,
}
