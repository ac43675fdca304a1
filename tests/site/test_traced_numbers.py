"""A reader asks a number where it is from: by mouse, by keyboard, on a phone, without JavaScript."""

import re

import pytest

PAGES = ("index.html", "tables.html", "figures.html")
RECORD = "**/trace/*.html#*"
SHORT = """a => {
    const style = getComputedStyle(a, '::after');
    return style.content === 'none' || style.display === 'none' ? '' : style.content;
}"""


@pytest.fixture
def manuscript(site, browser):
    page = browser.new_page(viewport={"width": 1200, "height": 800})
    page.goto((site.folder / "reports/index.html").as_uri())
    yield page
    page.close()


def test_every_traced_number_arrives_at_its_record(site):
    ids = {
        f"trace/{page.name}": set(re.findall(r'\bid="([^"]+)"', page.read_text(encoding="utf-8")))
        for page in site.records
    }
    for name in PAGES:
        html = (site.folder / "reports" / name).read_text(encoding="utf-8")
        asked = [
            href
            for tag in re.findall(r"<a\b[^>]*>", html)
            if "traced" in tag
            for href in re.findall('href="([^"]+)', tag)
        ]
        assert len(asked) > 100
        for href in asked:
            file, _, anchor = href.partition("#")
            assert anchor in ids[file], href


def test_the_short_form_shows_on_hover_and_on_focus_and_not_before(manuscript):
    for place in ("main p a.traced", "#tbl-dlt td a.traced"):
        number = manuscript.locator(place).nth(3)
        number.scroll_into_view_if_needed()
        assert number.evaluate(SHORT) == ""
        number.hover()
        assert number.get_attribute("data-trace") in number.evaluate(SHORT)
        manuscript.mouse.move(0, 0)
        manuscript.locator(place).nth(2).focus()
        manuscript.keyboard.press("Tab")
        assert number.evaluate("a => a === document.activeElement")
        assert number.get_attribute("data-trace") in number.evaluate(SHORT)


def test_the_name_a_screen_reader_says_stays_the_number(manuscript):
    number = manuscript.locator("main p a.traced").nth(3)
    number.hover()
    text = number.inner_text()
    assert number.aria_snapshot().strip().splitlines()[0].rstrip(":") == f'- link "{text}"'


def opened(page, place):
    """Open the record of a number beside the text; return the panel, and the page of the record inside it."""
    page.locator(place).focus()
    page.keyboard.press("Enter")
    inside = page.frame_locator("dialog.record iframe")
    inside.locator(".beside main h2").first.wait_for()
    return page.locator("dialog.record"), inside


ESTIMATE = "#tbl-dlt td a.traced >> nth=1"


def test_a_number_opens_its_record_beside_the_text(manuscript):
    number, address = manuscript.locator(ESTIMATE).inner_text(), manuscript.url
    assert manuscript.locator("iframe").count() == 0, "nothing is loaded before it is asked for"
    panel, inside = opened(manuscript, ESTIMATE)
    assert panel.get_by_role("heading").inner_text() == f"Record of {number}"
    assert manuscript.get_by_role("dialog", name=f"Record of {number}").is_visible()
    said = inside.locator("main").inner_text()
    for part in (
        "Denominator: n = 9",
        "Interval: 13.7% to 78.8%",
        "Second route: agrees",
        "Clopper–Pearson",
        "adsl.csv",
    ):
        assert part in said
    assert (
        said.index("Number") < said.index("Promise") < said.index("Section of the plan") < said.index("Method and rows")
    )
    assert inside.locator("tbody tr:not(.part)").count() == 1
    assert manuscript.url == address
    inside.locator("a[href^='../sap.html#']").first.click()
    manuscript.wait_for_url("**/sap.html#*")
    manuscript.go_back()
    assert manuscript.url == address


def test_escape_leads_back_to_the_number_from_the_panel_and_from_the_record_in_it(manuscript):
    for inner in (False, True):
        panel, inside = opened(manuscript, ESTIMATE)
        assert panel.locator("button").evaluate("b => b === document.activeElement")
        if inner:
            inside.locator("h2").first.click()
        manuscript.keyboard.press("Escape")
        panel.wait_for(state="hidden")
        assert manuscript.locator(ESTIMATE).evaluate("a => a === document.activeElement")
        assert manuscript.locator("iframe").count() == 0


def test_another_number_takes_the_place_of_the_first_and_close_closes(manuscript):
    panel, _ = opened(manuscript, ESTIMATE)
    _, inside = opened(manuscript, "main p a.traced >> nth=3")
    assert manuscript.locator("iframe").count() == manuscript.locator("a.asked").count() == 1
    assert inside.locator(":target").is_visible()
    panel.get_by_role("button", name="Close").click()
    assert not panel.is_visible()


def test_the_text_stays_where_it_was_when_it_makes_room(manuscript):
    number = manuscript.locator("main p a.traced").nth(12)
    number.scroll_into_view_if_needed()
    before = number.bounding_box()["y"]
    number.click()
    assert abs(number.bounding_box()["y"] - before) <= 1
    box, panel = number.bounding_box(), manuscript.locator("dialog.record").bounding_box()
    assert box["x"] + box["width"] <= panel["x"]


def test_who_asks_for_a_tab_gets_the_page_of_the_record(manuscript):
    with manuscript.context.expect_page() as tab:
        manuscript.locator(ESTIMATE).click(modifiers=["ControlOrMeta"])
    tab.value.wait_for_url(RECORD)
    assert tab.value.locator("tr:target").is_visible()
    assert tab.value.locator("header.site").is_visible()
    assert not manuscript.locator("dialog.record").is_visible()


def test_on_a_phone_the_record_is_below_the_number_and_nothing_is_printed(site, browser):
    page = browser.new_page(viewport={"width": 390, "height": 800})
    page.goto((site.folder / "reports/index.html").as_uri())
    panel, _ = opened(page, ESTIMATE)
    number, sheet = page.locator(ESTIMATE).bounding_box(), panel.bounding_box()
    assert number["y"] >= 0
    assert number["y"] + number["height"] <= sheet["y"]
    assert sheet["x"] == 0
    assert sheet["width"] == 390
    page.emulate_media(media="print")
    assert not panel.is_visible()
    page.close()


def test_one_sign_says_what_numbers_do_and_they_are_underlined_where_asked(manuscript):
    assert manuscript.get_by_text("Each number opens its record.").count() == 1
    number = manuscript.locator("main p a.traced").nth(3)
    colour = "a => getComputedStyle(a).textDecorationColor"
    assert number.evaluate(colour) == "rgba(0, 0, 0, 0)"
    number.hover()
    assert number.evaluate(colour) == number.evaluate("a => getComputedStyle(a).color")


def test_the_keyboard_leads_to_the_whole_record_and_from_there_to_the_promise(manuscript):
    panel, _ = opened(manuscript, "main p a.traced >> nth=3")
    panel.get_by_role("link", name="Whole record").press("Enter")
    manuscript.wait_for_url(RECORD)
    record = manuscript.locator(":target")
    assert record.is_visible()
    record.locator("a").click()
    assert manuscript.locator(":target .facts").is_visible()
    manuscript.locator(":target .trace-title a").click()
    assert manuscript.locator("h1:target").is_visible()
    manuscript.locator(".facts a[href^='../sap.html#']").first.click()
    assert manuscript.locator(":target").is_visible()


def test_nothing_hangs_over_the_edge_of_a_phone(site, browser):
    page = browser.new_page(viewport={"width": 390, "height": 800})
    page.goto((site.folder / "reports/index.html").as_uri())
    numbers = page.locator("a.traced:visible")
    for position in range(1, numbers.count(), 25):
        numbers.nth(position).focus()
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Tab")
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.close()


def test_records_and_the_numbers_of_figures_open_without_javascript(site, browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((site.folder / "reports/index.html").as_uri())
    fold = page.locator("details.figure-numbers").first
    fold.locator("summary").click()
    fold.locator("a.traced").first.click()
    page.locator(":target").wait_for(state="visible")
    context.close()


def test_the_short_form_is_not_printed(manuscript):
    manuscript.emulate_media(media="print")
    number = manuscript.locator("main p a.traced").nth(3)
    number.hover()
    assert number.evaluate(SHORT) == ""


@pytest.mark.parametrize("width", [1280, 390])
def test_who_arrives_at_a_number_has_its_analysis_and_the_ways_on_in_sight(site, browser, width):
    context = browser.new_context(java_script_enabled=False, viewport={"width": width, "height": 800})
    page = context.new_page()
    page.goto((site.folder / "reports/index.html").as_uri())
    for place in ("main p a.traced >> nth=3", "#tbl-dlt td a.traced >> nth=3", "#tbl-dlt td a.traced >> nth=-1"):
        page.goto((site.folder / "reports" / page.locator(place).get_attribute("href")).as_uri().replace("%23", "#"))
        shown = page.locator(".here:visible")
        assert shown.count() == 1
        box = shown.bounding_box()
        assert box is not None
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= 800
        assert shown.locator("a[href^='../sap.html#']").is_visible()
        page.goto((site.folder / "reports/index.html").as_uri())
    context.close()


def test_on_a_phone_a_record_shows_everything_it_says(site, browser):
    page = browser.new_page(viewport={"width": 390, "height": 800})
    page.goto((site.folder / "reports/index.html").as_uri())
    href = page.locator("main p a.traced").nth(3).get_attribute("href")
    page.goto(f"{(site.folder / 'reports').as_uri()}/{href}")
    for cell in page.locator("tr:target > *").all():
        box = cell.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
        assert 0 <= box["y"] < 800
    page.close()


def test_a_link_that_was_quoted_before_leads_to_the_record(site, browser):
    page = browser.new_page()
    page.goto((site.folder / "reports/index.html").as_uri())
    file, _, anchor = page.locator("main p a.traced").nth(3).get_attribute("href").partition("#")
    page.goto(f"{(site.folder / 'reports/trace.html').as_uri()}#{anchor}")
    page.wait_for_url(f"**/{file}#{anchor}")
    assert page.locator(":target").is_visible()
    page.close()


@pytest.mark.parametrize("name", ["trace", "find"])
def test_all_records_are_searched_from_disk_and_a_hit_leads_to_its_record(site, browser, name):
    page = browser.new_page()
    page.goto((site.folder / f"reports/{name}.html").as_uri())
    assert not page.locator(".found").is_visible()
    page.get_by_label("Find:").fill("upper limit dose-limiting toxicity")
    page.locator(".found li").first.wait_for()
    hits = page.locator(".found li").all_inner_texts()
    assert hits
    assert all("limit" in hit and "dose-limiting toxicity" in hit.lower() for hit in hits)
    page.get_by_label("Find:").fill("nothing-like-it")
    page.get_by_text("0 found").wait_for()
    page.get_by_label("Find:").fill("survival")
    page.get_by_text("The first 100 of").wait_for()
    page.locator(".found li a").first.click()
    page.wait_for_url(RECORD)
    assert page.locator(":target").is_visible()
    page.close()


def test_the_list_of_the_files_of_records_needs_no_script(site, browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((site.folder / "reports/trace.html").as_uri())
    assert page.locator(".find li a:visible").count() == len(site.records)
    page.get_by_role("link", name="AN-OS: Overall survival").click()
    page.get_by_role("link", name="All records").click()
    assert page.locator("h1").inner_text() == "Trace"
    context.close()


def test_numbers_in_tables_are_apart_enough_for_a_finger(site, browser):
    """WCAG 2.5.8: no circle of 24 pixels around a smaller target meets that of another."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto((site.folder / "reports/tables.html").as_uri())
    close = page.evaluate(
        """() => [...document.querySelectorAll('.gt_table')].flatMap(table => {
            const at = [...table.querySelectorAll('a.traced')].map(a => {
                const r = a.getBoundingClientRect();
                return {x: r.x + r.width / 2, y: r.y + r.height / 2, small: r.width < 24 || r.height < 24, t: a.textContent};
            });
            return at.flatMap((a, i) => at.slice(i + 1, i + 12)
                .filter(b => (a.small || b.small) && Math.hypot(a.x - b.x, a.y - b.y) < 24).map(b => [a.t, b.t]));
        })"""
    )
    page.close()
    assert close == []
