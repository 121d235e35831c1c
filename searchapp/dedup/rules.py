"""The certain rules, in order of evidence; each yields pairs of documents.

A pair that a rule yields may still be refused by a verdict. What is likely but not certain is
weighed afterwards, in alike.py; what contradicts itself is told as a conflict.
"""

from searchapp.dedup.addresses import misspelt_address, older_address, same_address
from searchapp.dedup.case import Rule
from searchapp.dedup.declared import declared_address, syndicated_copy
from searchapp.dedup.listings import post_of_site, repeated_in_list

RULES: tuple[Rule, ...] = (
    declared_address,
    syndicated_copy,
    same_address,
    older_address,
    misspelt_address,
    repeated_in_list,
    post_of_site,
)
BY_TITLE = (repeated_in_list, post_of_site)  # never bring two posts of one site together
