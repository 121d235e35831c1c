"""We and our peers in one run: the same posts, the same questions, one table.

content/ --posts--> Corpus --peers: build--> an index each --opening, sharing--> verdicts
                      |                          |                                  ^
                      +------questions-----------+--measuring--> rounds --table-----+--> stdout
                      |                                            |
                      +------the tests' reference---checking-------+

A peer is one module in `peers/`, a row of the table one declaration in `rows.py`. RESULTS.md has
what a run printed.
"""
