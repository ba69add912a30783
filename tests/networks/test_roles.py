"""Layers, biases and data are told from names only where the names leave no doubt."""

from typing import Any

import numpy as np
import pytest

from proofkit.networks.arrays import Named, Stored
from proofkit.networks.faults import Fault
from proofkit.networks.roles import assigned

W, b = np.eye(2), np.ones(2)


def named(**arrays: Any) -> Named:
    """Double underscores stand for points, which a keyword cannot hold."""
    return {
        name.replace("__", "."): x if isinstance(x, Fault) else Stored(np.asarray(x))
        for name, x in arrays.items()
    }


@pytest.mark.parametrize(
    ("arrays", "layers", "biases"),
    [
        (named(M2=W, M1=W), ("M1", "M2"), (None, None)),
        (named(W10=W, W9=W, b10=b), ("W9", "W10"), (None, "b10")),
        (named(w1=W, b1=b), ("w1",), ("b1",)),
        (named(arr_0=W, arr_1=W), ("arr_0", "arr_1"), (None, None)),
        (named(fc1__weight=W, fc1__bias=b), ("fc1.weight",), ("fc1.bias",)),
        (named(d_1__kernel=W, d_0__kernel=W, d_0__bias=b), ("d_0.kernel", "d_1.kernel"), ...),
        (named(coef_0=W, intercept_0=[[1, 2]]), ("coef_0",), ("intercept_0",)),
        (named(a1__b10=W, a1__b9=W, a0__b11=W), ("a0.b11", "a1.b9", "a1.b10"), ...),
        (named(weights=W, X=W, Y=W), ("weights",), (None,)),
    ],
)
def test_names_that_tell(arrays: Named, layers: Any, biases: Any) -> None:
    roles = assigned(arrays, ["X", "Y"])
    assert roles.layers == layers
    if biases is not ...:
        assert roles.biases == biases
    assert roles.data == {name: name for name in ("X", "Y") if name in arrays}


def test_data_in_small_letters_and_data_that_a_loss_does_not_take() -> None:
    roles = assigned(named(W1=W, x=W, y=W), ["X", "Y"])
    assert (roles.layers, roles.data) == (("W1",), {"X": "x", "Y": "y"})
    assert assigned(named(W1=W, x=W, X=W), ["X"], ["W1"]).data == {"X": "X"}
    assert assigned(named(x=W, y=W), ["X", "Y"], ["x"]).layers == ("x",)
    roles = assigned(named(W1=W, X=W, Y=W, y=b), ["A", "y"])
    assert (roles.data, roles.notes) == ({"y": "y"}, ("Left out of the file: X, Y.",))


def test_what_was_concluded_is_said() -> None:
    assert assigned(named(M1=W, M2=W), []).notes == ()
    (order,) = assigned(named(fc1=W, fc2=W), []).notes
    assert "fc1, fc2, in the order of their numbers" in order
    _, gap = assigned(named(net__0__weight=W, net__2__weight=W), []).notes
    assert "between number 0 and number 2" in gap
    assert "activation" in gap


def test_chosen_layers() -> None:
    arrays = named(enc=W, dec=W, step=3, bad=Fault(None, "no numbers"))
    roles = assigned(arrays, ["X"], ["enc", "dec"])
    assert roles.layers == ("enc", "dec")
    assert roles.notes == ("Left out of the file: step, bad.",)
    assert assigned(named(W1=W, b1=b), [], ["W1"]).biases == ("b1",)


@pytest.mark.parametrize(
    ("arrays", "layers", "words", "remedy"),
    [
        (named(enc=W, dec=W), None, "cannot be told", "--layers dec,enc"),
        (named(M1=W, M3=W), None, "M2 is missing", None),
        (named(W1=W, running_mean=b), None, "running_mean is neither", "--layers W1"),
        (named(b1=b), None, "no array is a matrix", None),
        (named(X=W), None, "no array is a matrix", None),
        (named(W1=W), ["W2"], "no array W2", 'Did you mean "W1"?'),
        (named(W1=W), ["W1", "W1"], "named twice", None),
        (named(W1=W), [], "no layer is named", None),
    ],
)
def test_names_that_do_not(arrays: Named, layers: Any, words: str, remedy: str | None) -> None:
    with pytest.raises(Fault) as caught:
        assigned(arrays, ["X", "Y"], layers)
    assert words in caught.value.problem
    assert caught.value.remedy is None if remedy is None else remedy in str(caught.value.remedy)
