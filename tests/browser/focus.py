"""Walking through a page with the Tab key."""

from __future__ import annotations

from playwright.sync_api import Page

# Where the focus is: its place in the page, the thickness of its ring, and whether nothing covers all of it.
WHERE = """() => {
    const here = document.activeElement, box = here.closest('.choice') || here;
    const look = getComputedStyle(box), edge = box.getBoundingClientRect(), inset = 3;
    const at = (x, y) => document.elementFromPoint(
        edge.x + inset + x * (edge.width - 2 * inset), edge.y + inset + y * (edge.height - 2 * inset));
    const ours = top => top && (box.contains(top) || top.contains(box));
    return {
        tag: here.tagName, words: here.innerText || here.name || '',
        ring: look.outlineStyle === 'none' ? 0 : parseFloat(look.outlineWidth),
        seen: [[.5, .5], [0, 0], [1, 0], [0, 1], [1, 1]].some(([x, y]) => ours(at(x, y))),
        place: [...document.querySelectorAll('*')].indexOf(here),
    };
}"""


def tab_through(page: Page) -> list[dict[str, object]]:
    """Each stop from the top of the page until the keyboard leaves it."""
    stops: list[dict[str, object]] = []
    while len(stops) < 120:
        page.keyboard.press("Tab")
        stop = page.evaluate(WHERE)
        if stop["tag"] in ("BODY", "HTML") or (stops and stop["place"] == stops[0]["place"]):
            break
        stops.append(stop)
    return stops


def faults_of_focus(page: Page) -> list[str]:
    """Stops out of the order of the page, without a ring, or wholly covered."""
    stops = tab_through(page)
    places = [int(str(stop["place"])) for stop in stops]
    return [
        *(["the keyboard does not go in the order of the page"] if places != sorted(places) else []),
        *(f"no ring on {stop['tag']} {stop['words']}" for stop in stops if float(str(stop["ring"])) < 3),
        *(f"covered: {stop['tag']} {stop['words']}" for stop in stops if not stop["seen"]),
    ]
