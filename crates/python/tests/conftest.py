"""Settings of all tests."""

from hypothesis import settings

# The same examples in every run: what fails, fails again.
settings.register_profile("fixed", derandomize=True)
settings.load_profile("fixed")
