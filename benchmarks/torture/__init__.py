"""The proofs of what TRUST.md promises: `make torture SCALE=1` runs them all.

Each module holds one family of proofs and the faults they look for; PROOFS in `__main__`
lists them. A proof is run by tests too, short, once as it is and once with a planted fault,
which has to show it red.
"""
