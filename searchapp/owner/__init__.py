"""The owner's desk: what wants a decision, and the decisions, which edit the plain files.

    build --gathering--> index/desk.json --web/owner--> the owner's page
    the owner's word --deciding--> verdicts.toml, tags.toml, front matter
                          +------> index/ledger.json, by which it can be undone

Both files are the owner's alone, and no part of any generation: without them nothing is lost but
what could be undone, and what was put off.
"""
