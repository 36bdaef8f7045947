"""The packages for PyPI: what they are made of, how they are built, and what they are looked at for."""
