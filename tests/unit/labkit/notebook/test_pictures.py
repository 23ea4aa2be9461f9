"""Pictures: well-formed SVG in the theme's colours, with everything that was asked for in it."""

import re
from types import SimpleNamespace
from xml.etree import ElementTree

import numpy as np
import pytest

from labkit.notebook import Picture, bars, flow, graph, lines

SVG = "{http://www.w3.org/2000/svg}"


def parsed(picture):
    """Return the SVG as a tree, and its words."""
    tree = ElementTree.fromstring(str(picture))
    return tree, [element.text for element in tree.iter(f"{SVG}text")]


def points(tree, nth=0):
    """Return the points of a line."""
    line = list(tree.iter(f"{SVG}polyline"))[nth]
    return [tuple(map(float, point.split(","))) for point in line.get("points").split()]


class Made:
    """A function that made a tensor."""

    def __init__(self, *inputs):
        self.inputs = inputs


class Double(Made):
    pass


class Times(Made):
    pass


def tensor(op=None, shape=(2,), requires_grad=True):
    return SimpleNamespace(op=op, shape=shape, requires_grad=requires_grad)


@pytest.fixture
def small():
    """Return x, y = Double(x), z = Times(y, x)."""
    x = tensor()
    y = tensor(Double(x))
    return x, y, tensor(Times(y, x), shape=())


def test_a_picture_says_its_title_and_has_no_colour_of_its_own():
    picture = Picture("a < b", 100, 50)
    picture.box((1, 2), (3, 4))
    picture.text((5, 6), "<script>", color="warm")
    picture.line([(0, 0), (10, 10)], color="forward", head=True)
    tree, words = parsed(picture)
    assert [tree.get("aria-label"), words] == ["a < b", ["<script>"]]
    assert repr(picture) == "<picture: a < b>"
    assert picture._repr_html_() == str(picture)
    assert set(re.findall(r"(?:fill|stroke): ([a-z#]+)", str(picture))) <= {"var", "none"}


def test_lines_run_from_corner_to_corner():
    tree, words = parsed(lines({"up": [0, 5, 10], "down": [10, 5, 0]}, title="two", x_label="n"))
    axes, up, down = (points(tree, nth) for nth in range(3))
    (left, top), (_, bottom), (right, _) = axes
    assert up == [(left, bottom), ((left + right) / 2, (top + bottom) / 2), (right, top)]
    assert [down[0], down[-1]] == [(left, top), (right, bottom)]
    assert {"two", "up", "down", "n", "0", "10", "2"} <= set(words)


def test_lines_on_a_logarithmic_axis_and_other_x():
    tree, words = parsed(lines({"a": [1, 10, 100]}, title="t", x=[1, 2, 5], log=True))
    (left, top), (_, bottom), (right, _) = points(tree)
    path = points(tree, 1)
    assert path[1] == pytest.approx((left + (right - left) / 4, (top + bottom) / 2))
    assert {"1", "100", "5"} <= set(words)


def test_one_value_and_a_constant_have_a_place():
    assert len(points(parsed(lines({"a": [3.0]}, title="t"))[0], 1)) == 1
    lines({"a": [3.0, 3.0]}, title="t")


@pytest.mark.parametrize(
    ("series", "log"),
    [({}, False), ({"a": []}, False), ({"a": [np.nan]}, False), ({"a": [0.0]}, True)],
)
def test_lines_refuses_what_has_no_place(series, log):
    with pytest.raises(ValueError, match=r"lines draws|finite"):
        lines(series, title="t", log=log)


def test_bars_are_as_long_as_their_values():
    tree, words = parsed(bars({"a": 1.0, "b": 4.0, "none": 0.0}, title="sizes", unit="B"))
    widths = [float(box.get("width")) for box in tree.iter(f"{SVG}rect")]
    assert widths[0] == widths[1] / 4
    assert widths[2] <= 1
    assert words == ["sizes", "a", "1 B", "b", "4 B", "none", "0 B"]
    for wrong in ({}, {"a": -1.0}, {"a": np.inf}):
        with pytest.raises(ValueError, match="bars needs"):
            bars(wrong, title="t")


def test_a_graph_has_a_box_for_each_tensor_and_an_arrow_for_each_use(small):
    x, _, z = small
    tree, words = parsed(graph(z, names={"x": x}))
    assert words == ["x", "(2,)", "Double", "(2,)", "Times", "()"]
    assert len(list(tree.iter(f"{SVG}rect"))) == 3
    assert len(list(tree.iter(f"{SVG}polygon"))) == 3  # heads: x to y, y to z, x over y to z
    assert len(list(tree.iter(f"{SVG}path"))) == 1
    boxes = [float(box.get("x")) for box in tree.iter(f"{SVG}rect")]
    assert boxes == sorted(boxes)
    assert len(set(boxes)) == 3


def test_no_two_boxes_of_a_graph_lie_on_each_other():
    leaves = [tensor() for _ in range(4)]
    pairs = [tensor(Times(*leaves[:2])), tensor(Times(*leaves[2:])), tensor(Double(leaves[0]))]
    root = tensor(Made(*pairs))
    tree, _ = parsed(graph(root))
    places = [(box.get("x"), box.get("y")) for box in tree.iter(f"{SVG}rect")]
    assert len(set(places)) == len(places) == 8


def test_a_flow_shows_the_size_of_each_gradient(small):
    x, y, z = small
    asked = []

    def grad(result, tensors):
        asked.extend([result, *tensors])
        sizes = {id(x): [3.0, 4.0], id(y): [0.0, 0.5]}
        return [SimpleNamespace(data=np.array(sizes[id(t)])) for t in tensors]

    _, words = parsed(flow(z, grad, names={"x": x}))
    assert asked == [z, x, y]
    assert [word for word in words if "g" in word] == ["‖g‖ = 5", "‖g‖ = 0.5", "‖g‖ = 1"]


def test_what_needs_no_gradient_has_none(small):
    x, _, z = small
    x.requires_grad = False

    def grad(result, tensors):
        assert x not in tensors
        return [SimpleNamespace(data=np.ones(1)) for _ in tensors]

    _, words = parsed(flow(z, grad))
    assert sum("‖g‖" in word for word in words) == 2


def test_a_graph_too_large_to_read_is_refused():
    x = tensor()
    for _ in range(100_000):
        x = tensor(Double(x))
    with pytest.raises(ValueError, match="more than 40 tensors"):
        graph(x)
