"""What scripts/threats, scripts/contract and scripts/coverage share: rows of text files, and the names of the tests.

A row is a line of fields between ` | `, its first the ids, separated by commas; `= ` begins a group with a title, `> ` is a
line of its introduction, `#` a comment. An answer that starts with `not applicable: ` says why a row needs no test.

Tests belong to the rows of scripts/threats and scripts/contract by the ids in brackets at the start of their names:
TEST_CASE("[CVE-2018-10933, SFTP-014] …"). So do the cases of tests/support/backend_suite: {"[BE-012] …", …. The rows of
scripts/coverage name their tests.
"""

import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parent.parent
NOT_APPLICABLE = "not applicable: "

LITERAL = r'"((?:[^"\\]|\\.)*)"'
TEST_CASE = re.compile(r"\bTEST_CASE(?:_FIXTURE)?\(\s*(?:[\w:]+,\s*)?((?:" + LITERAL + r"\s*)+)")
SUITE_CASE = re.compile(r"\{\s*((?:" + LITERAL + r"\s*)+),")
BRACKETS = re.compile(r"\[([^\]]*)\] ")
# An id of scripts/contract; every other id is one of scripts/threats.
CONTRACT_ID = re.compile(
    r"\b(?:ERR|CAP|BE|WR|AW|SAW|RET|SEC|MOD|RES|NPR|PATH|SIO|SEEK|DEPTH|ITER|GLOB|PING|AF|SFTP|STORE)-\d{3}[a-z]?\b")


class Row:
    def __init__(self, ids, fields):
        self.ids, self.fields = ids, fields
        self.files = []  # with a test that names one of the ids

    def applies(self):
        return not self.fields[-1].startswith(NOT_APPLICABLE)


def read_rows(path, fields, errors):
    """The groups of a file in order: (title, introduction, rows)."""
    groups = []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if line.startswith("= "):
            groups.append((line[2:], [], []))
        elif line.startswith("> "):
            groups[-1][1].append(line[2:])
        elif line and not line.startswith("#"):
            parts = [part.strip() for part in line.split(" | ")]
            if len(parts) != fields or not all(parts):
                errors.append(f"{path.relative_to(ROOT)}:{number}: has not {fields} fields")
                continue
            groups[-1][2].append(Row([i.strip() for i in parts[0].split(",")], parts[1:]))
    return groups


def rows_by_id(groups, errors):
    by_id = {}
    for _, _, rows in groups:
        for row in rows:
            for id_ in row.ids:
                if id_ in by_id:
                    errors.append(f"{id_} has two rows")
                by_id[id_] = row
    return by_id


def named_tests():
    """Each (file, ids in brackets, rest of the name) of tests/."""
    sources = [(path, TEST_CASE) for path in sorted((ROOT / "tests").rglob("*.cpp"))]
    sources += [(path, SUITE_CASE) for path in sorted((ROOT / "tests/support/backend_suite").glob("*.h"))]
    for path, pattern in sources:
        for match in pattern.finditer(path.read_text()):
            name = "".join(re.findall(LITERAL, match[1]))
            brackets = BRACKETS.match(name)
            ids = brackets[1].split(", ") if brackets else []
            yield path.relative_to(ROOT).as_posix(), ids, name[brackets.end():] if brackets else name


def join(row, file):
    if file not in row.files:
        row.files.append(file)


def cells(row):
    """Of a table: ids, fields, files."""
    files = ", ".join(f"`{file}`" for file in row.files) or "–"
    return f"| {', '.join(row.ids)} | {' | '.join(row.fields)} | {files} |"


def write_or_check(page, text, check, command, errors):
    if not check:
        page.write_text(text)
    elif not page.exists() or page.read_text() != text:
        errors.append(f"{page.relative_to(ROOT)} is out of date: run {command}")
