"""Reading real collections: what arrives of them, and whether that is right.

    folders   each folder through `init` and the reading: entries seen add up
    reading   fifty files of each, read a second time by the simplest code that could do it
    addresses our permalinks, beside the addresses that the writers themselves use
    feeds     the expectations that a parser's own tests state
    robust    files that were made to break parsers

None of the collections is part of this project; `make corpora CORPORA=folder` names them.
"""
