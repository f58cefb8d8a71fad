"""The page on which somebody gets everything we hold about them."""

from __future__ import annotations

from tests.factories import OrganisationMemberFactory, UserFactory


def test_person_gets_a_file_with_everything_about_them_and_nobody_else_does(client, client_for):
    member = OrganisationMemberFactory(user=UserFactory(email="zahra@example.org"))
    browser = client_for(member.user)

    page, file = browser.get("/en/account/data"), browser.get("/en/account/data.json")

    assert 'href="/en/account/data.json"' in page.text
    assert file.headers["Content-Disposition"] == 'attachment; filename="my-data.json"'
    assert file.headers["Cache-Control"] == "no-store"
    assert file.get_json()["about_you"]["user"][0]["email"] == "zahra@example.org"
    other = client_for(UserFactory()).get("/en/account/data.json")
    assert "zahra" not in other.text
    assert client.get("/en/account/data").status_code == 302
