"""The plan as a file: what is ordinary is read, what cannot be read is told, and nothing in it is run."""

from sap.reading.read import read_plan
from tests.each import each
from tests.sap.reading.test_read_plan import PLAN, line_of, problems_of, written


@each("number", ["017", "0x1F", "12:30", "1_000", ".inf", ".nan"])
def test_a_number_that_yaml_reads_in_another_way_is_refused(tmp_path, number):
    changed = PLAN.replace("planned_n: 10", f"planned_n: {number}")
    (found,) = problems_of(written(tmp_path, changed))
    assert "not a plain decimal number" in found.message
    assert found.line == line_of("planned_n: 10")


def test_a_date_in_the_plan_stays_as_it_was_written(tmp_path):
    assert read_plan(written(tmp_path, PLAN)).plan.date == line_after("  date: ")


def line_after(start: str) -> str:
    return next(line for line in PLAN.splitlines() if line.startswith(start)).removeprefix(start)


@each("content", ["", "   \n", "# a comment alone\n", "- a\n- b\n", "just words\n"])
def test_a_file_without_keys_is_refused(tmp_path, content):
    (found,) = problems_of(written(tmp_path, content))
    assert "empty or not a mapping" in found.message
    assert found.fix


def test_a_missing_file_is_named_and_no_option_that_a_command_may_not_have(tmp_path):
    (found,) = problems_of(tmp_path / "sap.yml")
    assert "no such file" in found.message
    assert "--plan" not in found.fix
    assert "the folder you are in" in found.fix


def test_a_folder_is_not_a_plan(tmp_path):
    (found,) = problems_of(tmp_path)
    assert "folder" in found.message
    assert found.fix


def test_a_plan_that_is_not_utf8_is_refused_with_the_byte(tmp_path):
    file = tmp_path / "plan.yml"
    file.write_bytes(PLAN.encode("utf-8").replace("–".encode(), "–".encode("cp1252"), 1))
    (found,) = problems_of(file)
    assert "is not UTF-8" in found.message
    assert found.fix


def test_a_byte_order_mark_and_windows_line_ends_are_ordinary(tmp_path):
    file = tmp_path / "plan.yml"
    file.write_bytes(b"\xef\xbb\xbf" + PLAN.replace("\n", "\r\n").encode())
    assert read_plan(file).plan.id == "SAP-CLL1-RECON"


def test_a_plan_in_a_folder_with_spaces_and_accents_is_read(tmp_path):
    folder = tmp_path / "étude finale"
    folder.mkdir()
    assert read_plan(written(folder, PLAN)).plan.id == "SAP-CLL1-RECON"


def test_a_tag_runs_nothing(tmp_path):
    seen = tmp_path / "seen"
    changed = PLAN.replace("planned_n: 10", f"planned_n: !!python/object/apply:os.mkdir ['{seen}']")
    problems_of(written(tmp_path, changed))
    assert not seen.exists()


@each(
    "file",
    [
        "/etc/passwd",
        "../adsl.csv",
        "..",
        ".",
        ".hidden.csv",
        "raw/adsl.csv",
        "raw\\adsl.csv",
        "C:adsl.csv",
        "C:\\adsl.csv",
    ],
)
def test_a_dataset_is_a_file_of_the_data_folder_and_of_no_other(tmp_path, file):
    (found,) = problems_of(written(tmp_path, PLAN.replace("file: adsl.csv", f"file: '{file}'")))
    assert found.path == "datasets.ADSL.file"
    assert found.line == line_of("file: adsl.csv")
    assert "Name a file of the data folder" in found.fix


def test_a_file_name_may_have_blanks_accents_and_points(tmp_path):
    changed = PLAN.replace("file: adsl.csv", "file: 'données 2021.final.csv'")
    assert read_plan(written(tmp_path, changed)).datasets["ADSL"].file == "données 2021.final.csv"


@each("place", ["planned_n: 10", "min_grade: 5", "min_duration_days: 43"])
def test_a_yes_is_not_the_number_one(tmp_path, place):
    key = place.partition(":")[0]
    (found, *_) = problems_of(written(tmp_path, PLAN.replace(place, f"{key}: yes", 1)))
    assert found.message == "a whole number should stand here (found: yes)."
    assert found.line == line_of(place)
