import pytest

from autograder.cli.output import plain, write_json
from autograder.errors import UsageError


def test_plain_keeps_letters_of_all_scripts_and_escapes_what_commands() -> None:
    assert plain("张伟 é\n") == "张伟 é\n"
    assert plain("a\x1b[2J\r\udcff") == "a\\x1b[2J\\r\\udcff"


def test_json_that_cannot_be_written_is_a_usage_error(tmp_path) -> None:
    with pytest.raises(UsageError, match="directory"):
        write_json(str(tmp_path), {})
