"""Brings model files that people edit up to date, in place: what need not change stays as it is, byte for byte."""
