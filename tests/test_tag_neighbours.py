"""Which tags go together, and which of two is the wider one."""

from itertools import chain

from hypothesis import given
from hypothesis import strategies as st

from searchapp.tags.neighbours import Beside, count_together


def beside(tag: str, *taggings: str) -> Beside:
    """Return what stands beside a tag in works that are tagged so, words parted by spaces."""
    return count_together(tagging.split() for tagging in taggings).beside(tag)


def names(ranked):
    return [name for name, _ in ranked]


def test_a_tag_beside_everything_ranks_below_one_that_goes_with_this_tag():
    found = beside("fog", "fog rivers life", "fog rivers life", "fog life", "life", "life", "life")

    assert names(found.rank()) == ["rivers", "life"]


def test_a_tag_that_stood_beside_it_once_does_not_beat_one_that_mostly_does():
    works = ["fog rivers"] * 8 + ["fog rivers salt"] + ["rivers"] * 3 + ["maps"] * 20

    assert names(beside("fog", *works).rank()) == ["rivers", "salt"]


def test_a_score_is_the_share_of_works_times_the_damped_inverse_frequency():
    found = beside("fog", "fog rivers", "fog", "maps", "maps")

    assert found.rank() == (("rivers", 0.5425),)  # 1/2 * log(4/1) ** 0.25


def test_tags_that_score_alike_stand_by_name_and_the_list_may_be_cut():
    found = beside("fog", "fog b a c", "maps")

    assert names(found.rank()) == ["a", "b", "c"]
    assert names(found.rank(most=2)) == ["a", "b"]
    assert names(found.rank(least=2)) == []


def test_a_tag_that_nobody_uses_has_no_neighbours():
    found = beside("salt", "fog rivers")

    assert (found.rank(), found.wider(), found.narrower()) == ((), (), ())


def test_a_tag_nearly_always_beside_a_larger_one_is_narrower():
    works = ["grpo training"] * 4 + ["grpo"] + ["training"] * 12

    assert beside("grpo", *works).wider() == ("training",)
    assert beside("training", *works).narrower() == ("grpo",)
    assert beside("training", *works).wider() == ()


def test_a_tag_of_like_size_is_neither_wider_nor_narrower():
    works = ["fog mist"] * 5 + ["mist"] * 9

    assert beside("fog", *works).wider() == ()


def test_a_tag_that_often_stands_alone_is_not_narrower():
    works = ["fog weather"] * 7 + ["fog"] * 3 + ["weather"] * 40

    assert beside("fog", *works).wider() == ()


def test_two_pieces_alone_make_no_tag_the_child_of_another():
    works = ["fog weather"] * 2 + ["weather"] * 40

    assert beside("fog", *works).wider() == ()


taggings = st.lists(st.lists(st.sampled_from("abcdef"), max_size=4), max_size=12)


@given(taggings)
def test_counts_of_two_tags_are_those_of_the_works_that_have_both(works):
    together = count_together(works)

    assert together.works == len(works)
    for one in set(chain(*works)):
        assert together.counts[one] == sum(one in tags for tags in works)
        for other in set(chain(*works)) - {one}:
            both = sum(one in tags and other in tags for tags in works)
            assert together.beside(one).together.get(other, 0) == both


@given(taggings)
def test_one_tag_is_wider_exactly_where_the_other_is_narrower(works):
    together = count_together(works)

    for one in together.counts:
        for other in together.beside(one).wider():
            assert one in together.beside(other).narrower()
