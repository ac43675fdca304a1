"""The items of a report: those of CONSORT 2010, the numbers of its extension that could be read, and ids of our own."""

from sap.guidelines.report_items import ITEMS, NUMBERS

CONSORT_2010 = """1a 1b 2a 2b 3a 3b 4a 4b 5 6a 6b 7a 7b 8a 8b 9 10
11a 11b 12a 12b 13a 13b 14a 14b 15 16 17a 17b 18 19 20 21 22 23 24 25"""
READ = {"2a": ("2a.1", "2a.2", "2a.3"), "3a": ("3a.1", "3a.2")}
"""Items that the extension replaces, by numbers that could be read."""


def test_every_item_of_consort_is_there_in_its_order_and_no_number_is_invented():
    wanted = [number for base in CONSORT_2010.split() for number in READ.get(base, (base,))]
    assert [n for n in NUMBERS if not n.startswith("D")] == wanted
    assert len(set(NUMBERS)) == len(NUMBERS)


def test_ids_of_our_own_are_counted_and_stand_below_the_item_they_sharpen():
    own = [item for item in ITEMS if item.sharpens]
    assert [item.number for item in own] == [f"D{n}" for n in range(1, 15)]
    base = ""
    for item in ITEMS:
        base = base if item.sharpens else item.number
        assert not item.sharpens or base.partition(".")[0] == item.sharpens, item.number


def test_topics_differ_and_fit_on_a_line():
    assert len({item.topic for item in ITEMS}) == len(ITEMS)
    assert max(len(item.topic) for item in ITEMS) < 60
