"""Claims about the pages of a case on paper over HTTP."""

from __future__ import annotations

import io
import zipfile

import pytest
from docx import Document
from house import House, a_house
from starlette.testclient import TestClient
from test_review_cases import STORY, THERE, filed

from bot import documents


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return a_house(tmp_path_factory.mktemp("papers"))


@pytest.fixture()
def fang(house: House) -> TestClient:
    return house.signed_in("mediator.one")


def test_the_case_leads_to_its_papers_and_each_form_opens_as_page_and_word(house: House, fang: TestClient) -> None:
    receipt = filed(house, STORY)
    assert f"{receipt}/papers" in fang.get(f"/review/cases/{receipt}").text
    assert "权利义务告知书" in fang.get(f"/review/cases/{receipt}/papers").text
    page = fang.get(f"/review/cases/{receipt}/papers/acceptance")
    assert page.status_code == 200 and "受理登记表" in page.text
    answer = fang.get(f"/review/cases/{receipt}/papers/acceptance/word")
    assert "filename*=UTF-8''" in answer.headers["content-disposition"]
    assert Document(io.BytesIO(answer.content)).paragraphs[0].text == "人民调解受理登记表"


def test_the_whole_file_comes_as_a_zip(house: House, fang: TestClient) -> None:
    answer = fang.get(f"/review/cases/{filed(house, STORY)}/papers.zip")
    assert answer.headers["content-type"] == "application/zip"
    assert "目录.txt" in zipfile.ZipFile(io.BytesIO(answer.content)).namelist()


def test_another_bodys_papers_and_a_form_that_is_none_do_not_exist(house: House, fang: TestClient) -> None:
    there, here = filed(house, THERE), filed(house, STORY)
    for path in (
        f"{there}/papers",
        f"{there}/papers.zip",
        f"{there}/papers/acceptance",
        f"{there}/papers/acceptance/word",
    ):
        assert fang.get(f"/review/cases/{path}").status_code == 404, path
    assert fang.get(f"/review/cases/{here}/papers/nonsense").status_code == 409


def test_a_damaged_template_meets_a_page_that_names_it(
    house: House, fang: TestClient, tmp_path: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    receipt = filed(house, STORY)
    monkeypatch.setattr(documents, "TEMPLATES", tmp_path)
    answer = fang.get(f"/review/cases/{receipt}/papers/acceptance/word")
    assert answer.status_code == 500 and "acceptance.docx" in answer.text and "Traceback" not in answer.text
    assert fang.get(f"/review/cases/{receipt}/papers").status_code == 200


def test_a_supervisor_reads_the_forms_and_takes_nothing_along(house: House) -> None:
    receipt = filed(house, STORY)
    page = house.signed_in("supervisor.one").get(f"/review/cases/{receipt}/papers").text
    assert "看和打印" in page and "/word" not in page and "papers.zip" not in page
