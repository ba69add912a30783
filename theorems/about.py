"""What the paper is, what it builds on, what it shows, and in which order to read the results."""

from __future__ import annotations

from proofkit.packs.about import About, Work

__all__ = ["ABOUT"]

ABOUT = About(
    paper=Work(
        "depth2020",
        (),
        "Depth creates no more spurious local minima in linear networks",
        2020,
        "Submitted to the International Conference on Learning Representations",
        "unpublished",
    ),
    builds_on=(
        Work(
            "baldi1989",
            ("Pierre Baldi", "Kurt Hornik"),
            "Neural networks and principal component analysis: Learning from examples without "
            "local minima",
            1989,
            "Neural Networks",
            "article",
        ),
        Work(
            "kawaguchi2016",
            ("Kenji Kawaguchi",),
            "Deep learning without poor local minima",
            2016,
            "Advances in Neural Information Processing Systems",
            "inproceedings",
        ),
        Work(
            "laurent2018",
            ("Thomas Laurent", "James von Brecht"),
            "Deep linear networks with arbitrary loss: All local minima are global",
            2018,
            "International Conference on Machine Learning",
            "inproceedings",
        ),
        Work(
            "zhou2018",
            ("Yi Zhou", "Yingbin Liang"),
            "Critical points of linear neural networks: Analytical forms and landscape properties",
            2018,
            "International Conference on Learning Representations",
            "inproceedings",
        ),
    ),
    shows=(
        "A linear network computes a product of matrices, and its loss is a function of that "
        "product.",
        "Whether the loss of a deep network has spurious local minima, local ones that are not "
        "global, depends only on its input, its output and its narrowest layer: the two-layer "
        "network with that hidden layer has some exactly if the deep one has.",
        "At a local minimum either the gradient of the loss in the product is zero, or the halves "
        "above and below the narrowest layer both have full rank.",
        "With the squared loss there are none, whatever the data.",
        "Sums of several networks behave like one two-layer network as wide as their narrowest "
        "layers together.",
    ),
    headline="theorem-1",
    order=(
        ("perturbation", "the one trick: changes that the product does not feel"),
        ("theorem-3", "the case without an inner bottleneck, where the trick is all it takes"),
        ("lemma-2", "the same in each half of the network"),
        ("lemma-1", "the heart: the gradient is zero, or both halves have full rank"),
        ("theorem-1", "what follows: depth changes nothing"),
        ("theorem-2", "what spurious minima of two layers look like"),
        ("corollary-1", "the squared loss has none"),
        ("corollary-2", "several networks side by side"),
        ("chain-rule", "for reference: the gradient in one layer"),
    ),
)
