"""The marks by which rendering and resolving understand each other."""

ANCHOR = "s-"  # before each id of ours, so that no heading can pose as a part of the page
POST = "post_url:"  # of a file of ours by its path from the root, or a post by its name
REFERENCE = "page_ref:"  # of a page of Hugo, by its path or its name
