"""The files in which the generators of sites are configured, by their names in its folder."""

JEKYLL_FILES = ("_config.yml", "_config.yaml", "_config.toml")
PELICAN_FILES = ("publishconf.py", "pelicanconf.py")
ELEVENTY_FILES = (
    ".eleventy.js", "eleventy.config.js", "eleventy.config.mjs", "eleventy.config.cjs",
    "eleventy.config.ts",
)  # fmt: skip
HUGO_FILES = tuple(
    f"{folder}{name}.{ending}"
    for folder in ("", "config/_default/")
    for name in ("hugo", "config")
    for ending in ("toml", "yaml", "yml", "json")
)

LIMIT = 2**20  # bytes of a configuration
