"""Measures this program beside a stock Rasa server: `python -m bench`, or `make bench`."""
