"""We and our peers in one run: the same posts, the same questions, one page.

content/ --posts--> Corpus --peers: build--> an index each --opening, changing, sharing--+
                    |    |                     |    |                                    |
                    |    +----questions--------+----|---measuring--> rounds --table------+
                    |    |                          |                  |                 v
                    |    +--the tests' reference----|----checking------+---checks----> page
                    |                               +--serving: pages over HTTP----------^
                    +--full_builds, rebuilding-------------------------------------------+

A peer is one module in `peers/`, a row of the tables one declaration in `rows.py`; `verdicts.py`
lists every figure that is promised, and `page.py` prints them all. RESULTS.md has what a run
printed, written by the run itself.
"""
