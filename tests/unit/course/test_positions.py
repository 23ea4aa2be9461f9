import tomllib

from autograder.course.positions import positions

TEXT = '''\
# [not] = "a table"
a = """
b = 1
[c]
"""
"quoted key" = [
  1,  # one = 1
  { x = 2 },
]
[[lecture]]
id = "00"
[[lecture]]
id = "01"
  [lecture.place]
  room = 'x = "]'
  [[lecture.reading]]
  name = "p"
  [[lecture.reading]]
  name = "q"
[[lecture]]
id.dotted.far = 1
[a-b . "c.d"]
e = { f = { g = 1 } }
'''


def test_every_key_of_the_document_has_its_line():
    lines = positions(TEXT)
    assert lines["a",] == 2
    assert lines["quoted key",] == lines["quoted key", 1, "x"] == 6
    assert lines["lecture", 0, "id"] == 11
    assert lines["lecture", 1] == 12
    assert lines["lecture", 1, "place", "room"] == 15
    assert lines["lecture", 1, "reading", 0, "name"] == 17
    assert lines["lecture", 1, "reading", 1, "name"] == 19
    assert lines["lecture", 2, "id", "dotted", "far"] == 21
    assert lines["a-b", "c.d"] == 22
    assert lines["a-b", "c.d", "e", "f", "g"] == 23
    assert ("b",) not in lines and ("c",) not in lines


def test_what_the_parser_finds_is_found():
    def walk(value, path=()):
        yield path
        if isinstance(value, dict | list):
            items = value.items() if isinstance(value, dict) else enumerate(value)
            for key, child in items:
                yield from walk(child, (*path, key))

    assert set(walk(tomllib.loads(TEXT))) == set(positions(TEXT))
