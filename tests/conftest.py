"""What all tests share: property tests draw the same examples every time, on any machine."""

from hypothesis import settings

settings.register_profile("proofkit", derandomize=True, deadline=None, print_blob=False)
settings.load_profile("proofkit")
