"""JSON is parsed strictly, faults have a line and a column, and any value is found again."""

import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofkit.networks.files import NetworkFileError, parse_network
from proofkit.networks.strict_json import locate, parse_json


def test_parse_json_gives_plain_data() -> None:
    assert parse_json('{"a": [1, 2.5, "x", null, true]}') == {"a": [1, 2.5, "x", None, True]}


@pytest.mark.parametrize(
    ("text", "line", "column", "fragments"),
    [
        ("", 1, 1, ["not JSON", "a value", "the end of the file"]),
        ("[1, 2", 1, 6, ["',' delimiter"]),
        ('{"a": 1,\n "b" 2}', 2, 6, ["':' delimiter"]),
        ("[1] x", 1, 5, ["nothing more"]),
        ('{"a": [1,\n  NaN]}', 2, 3, ["$.a[1]", "not finite", "found NaN"]),
        ("[-Infinity]", 1, 2, ["$[0]", "not finite"]),
        ("[0, 1e999]", 1, 5, ["$[1]", "beyond the double range"]),
        ("[" + "9" * 5000 + "]", 1, 2, ["$[0]", "too many digits"]),
        ('{"a": {"b": 1, "b": 2}}', 1, 16, ["$.a.b", "twice", "Keep one"]),
        ('{"a\\u0007": 1}', 1, 2, ["does not print", "U+0007"]),
        ('["\\ud800"]', 1, 2, ["$[0]", "U+D800"]),
        ('["\u202e"]', 1, 2, ["U+202E"]),
        ("[" * 100_000, None, None, ["nest too deeply", "32 levels"]),
        ('{"a":' * 33 + "1" + "}" * 33, None, None, ["nest too deeply"]),
        ("[1, 2, 3]", 1, 1, ["$", "an object is needed", "a list of 3"]),
        ('"text"', 1, 1, ["an object is needed"]),
    ],
    ids=lambda value: ascii(value)[:30],
)
def test_faults_of_the_text(
    text: str, line: int | None, column: int | None, fragments: list[str]
) -> None:
    with pytest.raises(NetworkFileError) as caught:
        parse_network(text, "net.json")
    assert (caught.value.line, caught.value.column) == (line, column)
    for fragment in fragments:
        assert fragment in str(caught.value)
    assert len(str(caught.value)) < 400


def test_a_late_fault_of_a_large_text_is_found_in_linear_time() -> None:
    def spent(count: int) -> float:
        keys = ", ".join(f'"k{i}": [{i}]' for i in range(count))
        start = time.process_time()
        with pytest.raises(NetworkFileError, match=r"\$\.k7 .*twice"):
            parse_network(f'{{{keys}, "k7": 1}}')
        return time.process_time() - start

    # 16 times the text: 16 times the work, not 256 times.
    assert min(spent(48_000) for _ in range(2)) < 64 * min(spent(3_000) for _ in range(5))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda part: (
        st.lists(part, max_size=4) | st.dictionaries(st.text(max_size=4), part, max_size=4)
    ),
    max_leaves=15,
)


@given(json_values, st.sampled_from([None, 1]), st.randoms(use_true_random=False))
def test_any_value_is_located(value: Any, indent: int | None, random: Any) -> None:
    text = json.dumps(value, indent=indent)
    path: tuple[str | int, ...] = ()
    part = value
    while part and isinstance(part, dict | list) and random.random() < 0.8:
        step = random.choice(list(part) if isinstance(part, dict) else range(len(part)))
        path, part = (*path, step), part[step]
    position = locate(text, path)
    assert position is not None
    line, column = position
    rest = "\n".join(text.split("\n")[line - 1 :])[column - 1 :]
    assert json.JSONDecoder().raw_decode(rest)[0] == part
