"""Asks the places of pieces whether they still live: the one room that uses the network.

    places --memory: what is known, and how old--> those to ask
           --hosts: one question at a time each--> web: HEAD, GET, redirects --> Answer
    answers --memory--> findings; the dead ones go to content/links.toml

Only `searchapp check --links` comes here; a build and a server never do.
"""
